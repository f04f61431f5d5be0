import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { endChild, launch, untilReady } from '../child.js';
import type { Component } from '../component.js';
import { type Home, passingHome } from '../home.js';
import { freePort } from '../ports.js';
import { postgresUrl, preparePostgres } from '../postgres.js';
import { temporalBinary } from '../temporal-binary.js';
import { temporalServer } from '../temporal.js';
import { serveSharedStack } from './shared-stack.js';
import { postgresContainer } from './postgres-container.js';
import { makeTemplate } from './template-database.js';
import './stacks.js';
import './test-services.js';

type Stop = () => Promise<void>;

/** Starts Postgres and Temporal once per run (or uses those of TEST_POSTGRES_URL and TEST_TEMPORAL_ADDRESS; with TEST_DATABASE=container Postgres from a container) and tells the tests. */
export async function setup(project: TestProject): Promise<Stop> {
  const home = await passingHome();
  const stops: Stop[] = [];
  const end: Stop = async () => {
    await Promise.all(stops.map((stop) => stop()));
    await home.clean();
  };
  try {
    const [postgres, temporal] = await Promise.all([postgresFor(home, stops), temporalFor(home.folder, stops)]);
    project.provide('postgresUrl', postgres);
    project.provide('templateDatabase', await makeTemplate(postgres));
    project.provide('temporalAddress', temporal);
    const shared = await serveSharedStack();
    stops.push(shared.close);
    project.provide('sharedStackUrl', shared.url);
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

async function postgresFor({ folder, postgresData, postgresPrograms }: Home, stops: Stop[]): Promise<string> {
  const given = process.env['TEST_POSTGRES_URL'];
  if (given) return given;
  if (process.env['TEST_DATABASE'] === 'container') {
    const container = await postgresContainer(process.env['TEST_DATABASE_IMAGE']);
    stops.push(container.stop);
    return container.url;
  }
  const options = { data: postgresData, port: await freePort(), password: 'postgres', ephemeral: true, programs: postgresPrograms };
  await bring(await preparePostgres(options), folder, stops);
  return postgresUrl(options);
}

async function temporalFor(folder: string, stops: Stop[]): Promise<string> {
  const given = process.env['TEST_TEMPORAL_ADDRESS'];
  if (given) return given;
  const port = await freePort();
  const binary = await temporalBinary((line) => process.stderr.write(`${line}\n`));
  await bring(temporalServer({ binary, port, databaseFile: join(folder, 'temporal.db'), ephemeral: true }), folder, stops);
  return `127.0.0.1:${port}`;
}

async function bring(component: Component, folder: string, stops: Stop[]): Promise<void> {
  const child = launch(component, join(folder, `${component.name}.log`));
  stops.push(() => endChild(child, { stopSignal: component.stopSignal, graceMs: 5000 }));
  await untilReady(component, child);
}
