import { choiceOption, type OptionValues } from '../kit/options.js';

/** What is written to the log, and how. The log goes to the standard error stream. */
export const logOptions = {
  level: choiceOption({
    help: 'The least important messages that are logged.',
    default: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  format: choiceOption({
    help: 'json: one JSON object per line; text: for people; auto: text on a terminal, else json.',
    default: 'auto',
    choices: ['auto', 'json', 'text'],
  }),
};

export type LogOptions = OptionValues<typeof logOptions>;
