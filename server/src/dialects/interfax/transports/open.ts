import { resolve } from 'node:path';
import type { Host } from '../../dialect.js';
import type { DeliveryOptions } from '../delivery-options.js';
import { hylafaxTransport } from './hylafax/transport.js';
import { noneTransport } from './none/transport.js';
import { spoolTransport } from './spool/transport.js';
import type { Transport } from './transport.js';

/** The transport that the options name. */
export const openTransport = ({ clock, data }: Pick<Host, 'clock' | 'data'>, options: DeliveryOptions): Transport => {
  switch (options.transport) {
    case 'spool':
      return spoolTransport(resolve(data, options.spoolFolder));
    case 'none':
      return noneTransport(options.noneTime, clock);
    case 'hylafax':
      return hylafaxTransport(
        {
          host: options.hylafaxHost,
          port: options.hylafaxPort,
          user: options.hylafaxUser,
          password: options.hylafaxPassword,
          timeout: options.hylafaxTimeout,
          modem: options.hylafaxModem,
          prefix: options.dialPrefix,
          international: options.internationalPrefix,
          poll: options.hylafaxPoll,
        },
        clock,
      );
  }
};
