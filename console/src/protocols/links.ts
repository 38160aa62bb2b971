/** Whether somebody can look at an address in the browser: a WSDL, a page of help, a document of the API. */
export const isReadable = (url: string, what: string): boolean =>
  /[?&](wsdl|singlewsdl)\b/i.test(url) ||
  /\bwsdl\b/i.test(what) ||
  /\.(json|ya?ml|html?|wsdl)$/i.test(url) ||
  /\/wsdl\/$/i.test(url);
