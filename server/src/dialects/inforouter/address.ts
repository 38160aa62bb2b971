/** The name of this dialect's uploads. */
export const dialectName = 'inforouter';

/** Where the web service is. */
export const endpoint = '/srv.asmx';
