import type {
  About,
  AccountChange,
  Accounts,
  ApiKeys,
  Events,
  FileDetail,
  Files,
  Folder,
  Health,
  Jobs,
  Limits,
  Login,
  MadeApiKey,
  NewAccount,
  NewPassword,
  Session,
  SessionKey,
  Task,
  Tasks,
  Throughput,
  UploadDetail,
} from 'longshore/api';
import { address, request } from './request.js';

const part = encodeURIComponent;

/** What the server can be asked, each with its types. All reject with `ApiError`. */
export const api = {
  about: () => request<About>('GET', 'about'),

  session: () => request<Session>('GET', 'session'),
  login: (body: Login) => request<Session>('POST', 'session', { body }),
  logout: () => request<void>('DELETE', 'session'),
  sessionKey: () => request<SessionKey>('POST', 'session/key'),
  limits: () => request<Limits>('GET', 'limits'),

  upload: (id: string, signal?: AbortSignal) =>
    request<UploadDetail>('GET', `uploads/${part(id)}`, signal === undefined ? {} : { signal }),
  cancelUpload: (id: string) => request<void>('DELETE', `uploads/${part(id)}`),
  events: (query: { readonly before?: number; readonly limit?: number }) => request<Events>('GET', 'events', { query }),
  throughput: () => request<Throughput>('GET', 'throughput'),
  health: () => request<Health>('GET', 'health'),

  files: (query: { readonly before?: number; readonly owner?: string; readonly limit?: number }) =>
    request<Files>('GET', 'files', { query }),
  file: (id: number) => request<FileDetail>('GET', `files/${id}`),
  folder: (id: number, after?: string) =>
    request<Folder>('GET', `folders/${id}`, { query: after === undefined ? {} : { after } }),

  tasks: () => request<Tasks>('GET', 'tasks'),
  task: (dialect: string, id: string) => request<Task>('GET', `tasks/${part(dialect)}/${part(id)}`),
  retryTask: (dialect: string, id: string) => request<void>('POST', `tasks/${part(dialect)}/${part(id)}/retry`),
  cancelTask: (dialect: string, id: string) => request<void>('POST', `tasks/${part(dialect)}/${part(id)}/cancel`),
  jobs: () => request<Jobs>('GET', 'jobs'),
  retryJob: (id: string) => request<void>('POST', `jobs/${part(id)}/retry`),
  cancelJob: (id: string) => request<void>('POST', `jobs/${part(id)}/cancel`),

  accounts: () => request<Accounts>('GET', 'accounts'),
  addAccount: (body: NewAccount) => request<unknown>('POST', 'accounts', { body }),
  changeAccount: (name: string, body: AccountChange) => request<unknown>('PATCH', `accounts/${part(name)}`, { body }),
  removeAccount: (name: string) => request<void>('DELETE', `accounts/${part(name)}`),
  setPassword: (name: string, body: NewPassword) => request<void>('PUT', `accounts/${part(name)}/password`, { body }),
  keys: (name: string) => request<ApiKeys>('GET', `accounts/${part(name)}/keys`),
  addKey: (name: string, label: string) =>
    request<MadeApiKey>('POST', `accounts/${part(name)}/keys`, { body: { label } }),
  removeKey: (name: string, id: string) => request<void>('DELETE', `accounts/${part(name)}/keys/${part(id)}`),
};

/** Where a file's bytes, its picture, and a task's pages are, for links and pictures. */
export const addresses = {
  content: (file: number, version: number) => address(`files/${file}/content`, { version }),
  preview: (file: number, version: number) => address(`files/${file}/preview`, { version }),
  page: (dialect: string, id: string, number: number) => address(`tasks/${part(dialect)}/${part(id)}/pages/${number}`),
};
