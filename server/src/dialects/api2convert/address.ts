/** The name of this dialect's uploads and of its root in the catalog. */
export const dialectName = 'api2convert';
