import type { IncomingHttpHeaders } from 'node:http';

/** Both families of the vendor's own headers; they mean the same (specs/api2convert.md §1.1). */
const families = ['x-oc-', 'x-api2convert-'] as const;

/** A header of either family, such as `api-key`; empty ones count as not sent. */
export const field = (headers: IncomingHttpHeaders, name: string): string | undefined => fields(headers, name)[0];

/** What both families say under this name. */
export const fields = (headers: IncomingHttpHeaders, name: string): string[] =>
  families.flatMap((family) => {
    const value = headers[family + name];
    const text = (typeof value === 'object' ? value.join(', ') : (value ?? '')).trim();
    return text === '' ? [] : [text];
  });
