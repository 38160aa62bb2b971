/** The word by which the catalog knows our files. */
export const dialectName = 'brightsign';

/** Where the upload service is. */
export const uploadPath = '/Uploads/2014/07/SOAP';

/** Where the application service is: the library. */
export const applicationPath = '/2014/12/SOAP';

/** Where the REST upload API is, in the version that clients name most. */
export const restPath = '/Upload/2019/03/REST';

/** Where tokens are given. */
export const tokenPath = '/2020/07/REST/Token/';
