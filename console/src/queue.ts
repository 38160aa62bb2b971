/** Lets so many tasks run at once; the others wait for their turn. */
export interface Queue {
  /** Resolves when it is the caller's turn, with what ends the turn. */
  enter(): Promise<() => void>;
}

export const queue = (width: number): Queue => {
  const waiting: (() => void)[] = [];
  let free = width;
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  const once = (): (() => void) => {
    let left = false;
    return () => {
      if (!left) leave();
      left = true;
    };
  };
  return {
    enter: async () => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return once();
    },
  };
};
