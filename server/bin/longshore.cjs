#!/usr/bin/env -S node --single-threaded-gc --max-semi-space-size=8
'use strict';

const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');

// Disk syncs wait in libuv's threads: with its four, they would queue behind each other. libuv reads this once, when the
// first thread is needed, which loading an ES module already does; so it is set here, before anything is loaded.
process.env.UV_THREADPOOL_SIZE ??= '16';

// Bodies arrive in buffers that V8 counts but does not hold. With a heap of a few megabytes it would walk the whole heap
// for every few dozen megabytes that pass through, which cost as much as moving them.
setFlagsFromString('--heap-growing-percent=145');

const program = join(__dirname, '..', 'dist', 'cli.js');
if (existsSync(program)) {
  import(pathToFileURL(program).href).catch((error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write('longshore is not built yet. Run: npm run build\n');
  process.exitCode = 1;
}
