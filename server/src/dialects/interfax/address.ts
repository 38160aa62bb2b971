/** The name of this dialect's uploads. */
export const dialectName = 'interfax';

/** Where the web service is. */
export const endpoint = '/dfs.asmx';
