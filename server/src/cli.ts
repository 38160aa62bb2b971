import { version } from './app/version.js';
import { explain } from './cli/failure.js';
import { longshore } from './cli/program.js';
import { readSecret } from './cli/secret.js';
import type { Terminal } from './cli/terminal.js';

const signals = { SIGINT: 2, SIGTERM: 15 } as const;

const terminal: Terminal = {
  environment: process.env,
  print: (line) => process.stdout.write(`${line}\n`),
  say: (line) => process.stderr.write(`${line}\n`),
  askSecret: readSecret,
  stopping: () =>
    new Promise((resolve) => {
      let asked = false;
      const stop = (signal: keyof typeof signals) => {
        if (asked) process.exit(128 + signals[signal]);
        asked = true;
        resolve();
      };
      process.on('SIGTERM', stop).on('SIGINT', stop);
    }),
  exitWith: (code) => {
    process.exitCode = code;
  },
};

try {
  await longshore(terminal, version).parseAsync(process.argv);
} catch (error) {
  const { message, code } = explain(error);
  terminal.say(message);
  terminal.exitWith(code);
}
