import { crc32Of } from '../../kit/crc32.js';

/** An account as the vendor's clients want to see a user. Accounts have one name, which may be an e-mail address. */
export interface User {
  /** A number that stays with the name, from 1 on. */
  readonly userid: number;
  readonly username: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly fullname: string;
  readonly email: string;
}

/** The user that an account's name stands for. */
export const userOf = (name: string): User => ({
  userid: crc32Of(Buffer.from(name.toLowerCase())) % 0x7fffffff || 1,
  username: name,
  firstName: name,
  lastName: '',
  fullname: name,
  email: name.includes('@') ? name : '',
});
