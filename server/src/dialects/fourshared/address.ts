/** Which dialect files are of, and open uploads. */
export const dialectName = 'fourshared';

/** The path of the form, below a data centre's address (specs/fourshared.md §7). */
export const uploadPath = '/main/upload.jsp';

/** The two services, by what their paths begin with (specs/fourshared.md §2). */
export const versions = ['jax2', 'jax3'] as const;

export type Version = (typeof versions)[number];

/** Where a service is. */
export const pathOf = (version: Version): string => `/${version}/DesktopApp`;
