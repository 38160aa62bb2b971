/** The kinds of durable jobs that stand behind the jobs of clients. */
export const conversionKind = 'api2convert conversion';
export const fetchKind = 'api2convert fetch';
export const callbackKind = 'api2convert callback';
