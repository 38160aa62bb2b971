/** Counters for whoever runs the server, in Prometheus form. Fed by engine events and by `http`. */
export interface Metrics {
  /** One answered request. `route` is a route's name, never a path. */
  observeRequest(facts: { route: string; status: number; ms: number; bytesIn: number; bytesOut: number }): void;
  /** The Prometheus text and its content type. */
  render(): Promise<{ type: string; text: string }>;
}
