import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (the special-purpose registries of IANA). */
const internal4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Of IPv6, what is public lies within 2000::/3; of that these are not, or hold an IPv4 address that may be internal. */
const internal6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const blocked = new BlockList();
for (const [network, bits] of internal4) blocked.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of internal6) blocked.addSubnet(network, bits, 'ipv6');
const unicast6 = new BlockList();
unicast6.addSubnet('2000::', 3, 'ipv6');

/** Is this IP address one of the public internet? What is no address is not. */
export const isPublic = (address: string): boolean => {
  const [plain = ''] = address.split('%');
  switch (isIP(plain)) {
    case 4:
      return !blocked.check(plain, 'ipv4');
    case 6:
      return unicast6.check(plain, 'ipv6') && !blocked.check(plain, 'ipv6');
    default:
      return false;
  }
};
