import { amounts } from './amounts.js';
import { bridge } from './bridge.js';
import { endings } from './endings.js';
import { machine } from './machine.js';
import { network } from './network.js';
import { realm } from './realm.js';
import type { Row } from './row.js';

/** All rows but E35 and E36, which are the proxy's. */
export const rows: Row[] = [...machine, ...realm, ...endings, ...amounts, ...network, ...bridge].toSorted((a, b) => a.id.localeCompare(b.id));
