import { element, type XmlOutElement } from '../../../wire/soap/index.js';
import { type User, userOf } from '../people.js';

const nobody: Pick<User, 'userid' | 'username' | 'fullname'> = { userid: 0, username: '', fullname: '' };

/** The owner of that account name as lists show them; nobody where the name is empty. */
export const ownerOf = (name: string): typeof nobody => (name === '' ? nobody : userOf(name));

/** The `<User>` that stands for an owner. */
export const ownerElement = (name: string): XmlOutElement => {
  const { userid, username, fullname } = ownerOf(name);
  return element('User', { UserID: String(userid), UserName: username, FullName: fullname });
};
