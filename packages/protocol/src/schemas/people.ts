import { Type, type Static } from 'typebox';
import { answered, asked, CURSOR, LIMIT, listOf, nullable, oneOf, pageOf, text, whole } from './shapes.ts';

const Role = oneOf(['admin', 'operator', 'viewer']);
const Password = Type.String({ minLength: 1, maxLength: 1000 });
const Name = text(100, 1);

export const UserView = answered('User', {
  id: Type.String(),
  name: Type.String(),
  role: Role,
  createdAt: Type.Integer(),
  disabled: Type.Boolean(),
});
export type UserView = Static<typeof UserView>;
export const UserList = listOf('UserList', UserView);
export const UserInput = asked('UserInput', { name: Name, role: Role, password: Password });
export const UserChange = asked('UserChange', {
  role: Type.Optional(Role),
  password: Type.Optional(Password),
  disabled: Type.Optional(Type.Boolean()),
});
export type UserChange = Static<typeof UserChange>;
export const SignInCode = answered('SignInCode', { code: Type.String(), expiresAt: Type.Integer() });

export const TokenView = answered('Token', {
  id: Type.String(),
  name: Type.String(),
  role: Role,
  createdBy: Type.String(),
  createdAt: Type.Integer(),
  expiresAt: nullable(Type.Integer()),
  lastUsedAt: nullable(Type.Integer()),
});
export type TokenView = Static<typeof TokenView>;
export const TokenList = listOf('TokenList', TokenView);
export const TokenInput = asked('TokenInput', {
  name: Name,
  role: Role,
  expiresAt: Type.Optional(nullable(whole(0))),
});
/** The secret is shown this once. */
export const NewToken = answered('NewToken', { token: TokenView, secret: Type.String() });

/** By name and password, or by the code of a one-time link. */
export const SignInInput = asked('SignInInput', {
  name: Type.Optional(Name),
  password: Type.Optional(Password),
  code: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
});
export type SignInInput = Static<typeof SignInInput>;
export const WhoView = answered('Who', {
  kind: oneOf(['user', 'token']),
  id: Type.String(),
  name: Type.String(),
  role: Role,
  /** What changing requests of a session must send as X-CSRF-Token; null with a token. */
  csrf: nullable(Type.String()),
  may: Type.Array(Type.String()),
});
export type WhoView = Static<typeof WhoView>;

export const AuditPage = pageOf(
  'AuditPage',
  answered('AuditEntry', {
    seq: Type.Integer(),
    at: Type.Integer(),
    who: Type.String(),
    from: Type.String(),
    action: Type.String(),
    target: nullable(Type.String()),
    outcome: oneOf(['done', 'refused']),
    detail: nullable(Type.String()),
  }),
);
export const AuditQuery = asked('AuditQuery', {
  who: Type.Optional(Name),
  action: Type.Optional(text(100, 1)),
  target: Type.Optional(text(220, 1)),
  cursor: CURSOR,
  limit: LIMIT,
});
