import type { Row } from './tree.js';

const words = (value: unknown): string => {
  if (value === null || value === '') return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : `\`${value.join(',')}\``;
  return `\`${String(value)}\``;
};

const sectionOf = ({ path }: Row): string => path.slice(0, path[0] === 'dialects' ? 2 : 1).join('.');

const cell = (text: string): string => text.replaceAll('|', '\\|');

const line = ({ name, flags, variables, option }: Row): string => {
  const cells = [
    `\`${name}\``,
    option.secret ? `${option.help} Never printed.` : option.help,
    words(option.default),
    flags.map((flag) => `\`--${flag}\``).join(', '),
    variables.map((variable) => `\`${variable}\``).join(', '),
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
};

/** The reference of all options as a Markdown page: one table per section. */
export const optionsPage = (rows: readonly Row[]): string => {
  const sections = new Map<string, Row[]>();
  for (const row of rows) sections.set(sectionOf(row), [...(sections.get(sectionOf(row)) ?? []), row]);
  const tables = [...sections].map(([section, members]) =>
    [
      `## ${section}`,
      '',
      '| Option | What it sets | Default | Flag | Environment |',
      '|---|---|---|---|---|',
      ...members.map(line),
    ].join('\n'),
  );
  return `# Options

<!-- Written from the option tables in server/src; renew it with: UPDATE_DOCS=1 npx vitest run server/test/docs.test.ts -->

An option is set by a flag of \`longshore serve\`, by an environment variable, or in a configuration file (\`--config FILE\` or
\`LONGSHORE_CONFIG\`; JSON or YAML). Flags come before the environment, the environment before the file, the file before the
default. An option that does not exist, or a value that it does not take, is refused at the start.
\`longshore serve --print-config\` prints the whole configuration as it would be used, with secrets as \`(set)\`.

In a file, the part before the last dot is the section:

\`\`\`yaml
data: /srv/longshore
http:
  host: 0.0.0.0
  publicUrl: https://upload.example.com
  trustedProxies: [loopback]
log:
  level: warn
\`\`\`

Bytes are numbers or such as \`64k\`, \`8MiB\`, \`5g\`, in steps of 1024. Lists are parted by commas, or are lists in the file. An empty
environment variable says nothing. Files and folders of \`store\` and \`ledger\` are seen from the data folder, unless they begin
with \`/\`.

${tables.join('\n\n')}
`;
};
