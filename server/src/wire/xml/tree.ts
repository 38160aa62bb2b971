/** An attribute as read. `namespace` is empty for one without a prefix. */
export interface XmlAttribute {
  readonly local: string;
  readonly namespace: string;
  readonly value: string;
}

/** An element as read, with everything in it. Comments are gone; text between child elements is melted into one. */
export interface XmlElement {
  readonly local: string;
  /** Empty when the element is in no namespace. */
  readonly namespace: string;
  /** Without namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** The element's own text, not its children's. */
  readonly text: string;
}

/** The namespace of `xsi:nil` and `xsi:type`. */
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

/** The first child with that local name, in any namespace. */
export const childOf = (element: XmlElement | undefined, local: string): XmlElement | undefined =>
  element?.children.find((child) => child.local === local);

/** The value of an attribute; without `namespace` that of the first with the local name, whatever its namespace. */
export const attributeOf = (element: XmlElement, local: string, namespace?: string): string | undefined =>
  element.attributes.find((each) => each.local === local && (namespace === undefined || each.namespace === namespace))
    ?.value;

/** Is the element marked `xsi:nil`? */
export const isNil = (element: XmlElement): boolean => /^\s*(true|1)\s*$/.test(attributeOf(element, 'nil', XSI) ?? '');
