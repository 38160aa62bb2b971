import { Component, type ComponentChild, type FunctionComponent, h } from 'preact';

const same = (a: object, b: object): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Reflect.get(a, name) === Reflect.get(b, name));
};

/** A component that is drawn anew only when one of its properties is another one, or a signal that it reads has changed. */
export const memo = <Props extends object>(draw: FunctionComponent<Props>) =>
  class Memoised extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      return !same(this.props, next);
    }

    override render(props: Props): ComponentChild {
      return h(draw, props);
    }
  };
