import { isRefusal } from '../../../engine/refusals.js';
import type { Account, Caller } from '../../../services/accounts/accounts.js';
import { text } from '../../../wire/soap/index.js';
import { success } from '../answers.js';
import type { Visit } from '../context.js';
import { readGuid } from '../guids.js';
import { open, ticketParameter } from '../operation.js';
import { userOf } from '../people.js';
import { problems } from '../problems.js';

/** `2026-03-20T14:35:00Z`. */
const moment = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

/** Who it is, and until when, as every login answers it. */
const profile = ({ name }: Account, expiresAt: number) => ({
  ...userOf(name),
  expireOn: moment(expiresAt),
  isAuthenticated: 'True',
});

const logIn = async ({ host }: Visit, { UID, PWD }: { UID: string; PWD: string }): Promise<Caller> => {
  try {
    return await host.accounts.verify(UID, PWD);
  } catch (error) {
    if (isRefusal(error, 'unauthenticated')) throw problems.authenticationFailed();
    throw error;
  }
};

const loginParameters = {
  UID: text({ doc: 'The account’s name, in any letter case.' }),
  PWD: text({ doc: 'Its password.' }),
};
const languageParameter = { Lang: text({ doc: 'Taken and not used.' }) };

const authenticate = async (args: { UID: string; PWD: string }, visit: Visit) => {
  const { account } = await logIn(visit, args);
  const { ticket, expiresAt } = await visit.tickets.issue(account);
  return success({ ticket, ...profile(account, expiresAt) });
};

export const AuthenticateUser = open({
  doc: 'Answers a ticket, which the other operations ask for.',
  params: loginParameters,
  run: authenticate,
});

export const AuthenticateUser1 = open({
  doc: 'Answers a ticket, which the other operations ask for.',
  params: { ...loginParameters, ...languageParameter },
  run: authenticate,
});

export const AuthenticateUserViaWindows = open({
  doc: 'Not offered: there are no Windows accounts.',
  params: {},
  run: async () => {
    throw problems.authenticationFailed();
  },
});

export const RenewTicket = open({
  doc: 'Begins the time of a ticket anew, or answers another where it has ended; asks for the password again.',
  params: {
    ...loginParameters,
    ...languageParameter,
    OldTicket: text({ doc: 'The cookie `ticket` where it is left out.' }),
  },
  run: async ({ OldTicket, ...login }, visit) => {
    if (OldTicket !== '' && readGuid(OldTicket) === undefined) throw problems.invalidTicketFormat();
    const { account } = await logIn(visit, login);
    const { ticket, expiresAt } = await visit.tickets.renew(OldTicket || visit.cookie, account);
    return success({ ticket, ...profile(account, expiresAt) });
  },
});

export const CreateTicketforUser = open({
  doc: 'Answers a ticket of another account to whoever has the password of the trusted one. Not for administrators’ accounts.',
  params: {
    TrustedUserPwd: text({ doc: 'The password of the account that the option trustedUser names.' }),
    UserName: text({ doc: 'Whose ticket it is to be.' }),
  },
  run: async ({ TrustedUserPwd, UserName }, visit) => {
    const { host, options, tickets } = visit;
    if (options.trustedUser === '') throw problems.noTicketsAllowed();
    await logIn(visit, { UID: options.trustedUser, PWD: TrustedUserPwd });
    const account = await host.accounts.find(UserName);
    if (!account) throw problems.authenticationFailed();
    if (account.role === 'admin') throw problems.noTicketsAllowed();
    return success({ ticket: (await tickets.issue(account)).ticket });
  },
});

export const isValidTicket = open({
  doc: 'Says whose a ticket is and until when. Does not let it live longer.',
  params: ticketParameter,
  run: async ({ AuthenticationTicket }, { tickets, cookie }) => {
    const session = await tickets.find(AuthenticationTicket || cookie);
    if (!session) throw problems.invalidTicket();
    return success(profile(session.caller.account, session.expiresAt));
  },
});

export const LogOut = open({
  doc: 'Ends a ticket.',
  params: ticketParameter,
  run: async ({ AuthenticationTicket }, { tickets, cookie }) => {
    const ticket = AuthenticationTicket || cookie;
    if (!(await tickets.find(ticket))) throw problems.invalidTicket();
    await tickets.end(ticket);
    return success();
  },
});
