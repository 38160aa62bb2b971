const KiB = 1024;
const MiB = 1024 * KiB;

const oneFile = (size) => ({ files: 1, size, parallel: 1 });

/** The aims every big-file tus case shares. */
const bigFileAims = {
  disk: { speed: 1.3, orOfDisk: 0.9 },
  memory: { speed: 1.8, cpu: 0.6 },
};
const smallFileAims = { disk: { speed: 2 }, memory: { speed: 3 } };

const big = (name, title, work) => ({
  name,
  title,
  load: 'tus',
  peers: ['@tus/server', 'tusd'],
  work: (scale) => {
    const full = work(scale);
    return { ...full, warmUp: { files: full.parallel, size: Math.min(full.size, (128 * MiB) / full.parallel) } };
  },
  plainly: (scale) => oneFile(work(scale).files * work(scale).size),
  aims: bigFileAims,
});

const small = (name, title, withCreation) => {
  const work = (scale) => ({
    files: Math.ceil(2000 * scale),
    size: 64 * KiB,
    chunk: 64 * KiB,
    parallel: 64,
    withCreation,
  });
  return {
    name,
    title,
    load: 'tus',
    peers: ['@tus/server', 'tusd'],
    work: (scale) => ({ ...work(scale), warmUp: { files: 200 } }),
    plainly: work,
    aims: smallFileAims,
  };
};

const soap = (name, title, chunk, times) => ({
  name,
  title,
  load: 'soap',
  peers: ['node soap'],
  work: (scale) => ({
    size: Math.max(4 * chunk, Math.ceil(512 * scale) * MiB),
    chunk,
    parallel: 4,
    warmUp: { size: Math.max(4 * chunk, 16 * MiB) },
  }),
  aims: { disk: {}, memory: { speed: times } },
});

const finish = (name, title, order) => ({
  name,
  title,
  load: 'soap',
  peers: [],
  work: (scale) => ({
    size: Math.ceil(1024 * scale) * MiB,
    chunk: 4 * MiB,
    parallel: 4,
    order,
    declare: true,
    warmUp: { size: 16 * MiB },
  }),
  aims: { disk: { finish: 0.05 }, memory: { finish: 0.05 } },
});

/** Most resident memory in bytes that Longshore may reach in any case. */
export const peakAim = 200e6;

/**
 * What is measured. `work(scale)` is handed to the load; `plainly(scale)` is the same bytes for the disk alone;
 * `aims` are ratios to the first peer, `openBytes` resident bytes per open upload.
 */
export const cases = [
  big('a', 'tus, 1 x 2 GiB in one PATCH', (scale) => {
    const size = Math.ceil(2048 * scale) * MiB;
    return { ...oneFile(size), chunk: size };
  }),
  big('b', 'tus, 1 x 1 GiB in chunks of 1 MiB', (scale) => ({ ...oneFile(Math.ceil(1024 * scale) * MiB), chunk: MiB })),
  big('c', 'tus, 16 parallel x 64 MiB in chunks of 8 MiB', (scale) => ({
    files: 16,
    size: Math.ceil(8 * scale) * 8 * MiB,
    chunk: 8 * MiB,
    parallel: 16,
  })),
  small('d', 'tus, 2,000 files of 64 KiB, 64 at once, POST then PATCH', false),
  small('d-post', 'tus, 2,000 files of 64 KiB, 64 at once, creation with upload', true),
  soap('e-256k', 'SOAP, 512 MiB in chunks of 256 KiB', 256 * KiB, 3),
  soap('e-3m', 'SOAP, 512 MiB in chunks of 3 MiB', 3 * MiB, 4),
  soap('e-32m', 'SOAP, 512 MiB in chunks of 32 MiB', 32 * MiB, 5),
  {
    name: 'g',
    title: 'tus, 1,000 open uploads',
    load: 'tus',
    peers: ['@tus/server', 'tusd'],
    work: (scale) => ({ leaveOpen: true, files: Math.ceil(1000 * scale), size: MiB, chunk: 64 * KiB, parallel: 16 }),
    aims: { disk: { openBytes: 40e3 }, memory: { openBytes: 40e3 } },
  },
  finish('h', 'finish of 1 GiB with a declared SHA-1, chunks in order', 'sequential'),
  finish('h-random', 'finish of 1 GiB with a declared SHA-1, chunks in random order', 'random'),
  {
    name: 'i',
    title: 'small uploads one by one while 1,000 conversion jobs drain',
    load: 'queue',
    peers: [],
    work: (scale) => ({ jobs: Math.ceil(1000 * scale), uploads: Math.ceil(500 * scale) }),
    aims: { disk: {}, memory: {} },
  },
  {
    name: 'j',
    title: '1,000 live tus uploads in chunks of 256 KiB, 16 at once, watched',
    load: 'watched',
    peers: [],
    work: (scale) => ({
      uploads: Math.ceil(1000 * scale),
      chunk: 256 * KiB,
      passes: 2,
      parallel: 16,
      // In turns, nobody first and last: a server becomes faster as it runs, and the machine may be busy with something else.
      watchers: [0, 1, 0, 10, 0, 1, 0, 10, 0, 1, 0, 10, 0],
    }),
    aims: { disk: {}, memory: {} },
  },
];
