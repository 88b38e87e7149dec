import { createHash, randomBytes } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import type { Role } from "../core/permissions.ts"
import { newId } from "./keys.ts"
import { findSetting, saveSetting } from "./settings.ts"
import { run, type Session, statement } from "./statement.ts"

/** Somebody who works here. */
export type Person = {
  id: string
  authUserId: string
  name: string
  email: string
  active: boolean
  expiresAt: Instant | null
  roles: { role: Role; department: string | null }[]
}

const personFields = `s.id, s.auth_user_id as "authUserId", s.name, s.email, s.active, s.expires_at as "expiresAt",
  coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'department', g.department) order by g.role) from grants g
    where g.staff = s.id and g.to_at is null), '[]') as roles`
const byAuthUser = statement(
  "staff.by_auth_user",
  `select ${personFields} from staff s where s.auth_user_id = $1`,
)
const list = statement("staff.list", `select ${personFields} from staff s order by s.name, s.id`)
const count = statement("staff.count", "select count(*)::int as n from staff")
const insert = statement(
  "staff.insert",
  `insert into staff (id, auth_user_id, name, email, expires_at, created_at)
   values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000))`,
)
const grant = statement(
  "grants.insert",
  "insert into grants (id, staff, role, department, from_at) values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000))",
)
const join = statement(
  "memberships.insert",
  "insert into memberships (id, staff, department, from_at) values ($1, $2, $3, to_timestamp($4::float8 / 1000))",
)

/** The person who signs in as a user of the sign-in library. */
export const findPerson = async (session: Session, authUserId: string): Promise<Person | undefined> =>
  (await run<Person>(session, byAuthUser, [authUserId]))[0]
/** Everybody. */
export const listPeople = (session: Session): Promise<Person[]> => run(session, list)
/** How many people there are. */
export const countPeople = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, count))[0]!.n

/** Adds a person with their roles, and to the departments that these name. */
export async function addPerson(
  tx: Session,
  person: {
    authUserId: string
    name: string
    email: string
    expiresAt: Instant | null
    roles: readonly { role: Role; department: string | null }[]
  },
  at: Instant,
): Promise<string> {
  const id = newId(at)
  await run(tx, insert, [id, person.authUserId, person.name, person.email, person.expiresAt, at])
  for (const { role, department } of person.roles) {
    await run(tx, grant, [newId(at), id, role, department, at])
    if (department !== null) await run(tx, join, [newId(at), id, department, at])
  }
  return id
}

// ------------------------------------------------------------------ departments

/** A department. */
export type Department = { id: string; name: string; parent: string | null; head: string | null }
const departments = statement(
  "departments.list",
  "select id, name, parent, head from departments order by id",
)
const addDepartment = statement(
  "departments.add",
  "insert into departments (id, name, parent) values ($1, $2, $3) on conflict (id) do update set name = excluded.name, parent = excluded.parent",
)
/** The departments. */
export const listDepartments = (session: Session): Promise<Department[]> => run(session, departments)
/** Adds a department, or gives it another name. */
export const saveDepartment = (
  session: Session,
  each: { id: string; name: string; parent: string | null },
): Promise<unknown[]> => run(session, addDepartment, [each.id, each.name, each.parent])

// ------------------------------------------------------------------ one-time links

export type LinkKind = "owner" | "invitation" | "reset"
const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest()
const addLink = statement(
  "links.add",
  `insert into links (hash, kind, body, created_at, expires_at)
   values ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000))`,
)
const findLink = statement(
  "links.find",
  `select body from links where hash = $1 and kind = $2 and used_at is null and expires_at > to_timestamp($3::float8 / 1000)`,
)
const useLink = statement(
  "links.use",
  `update links set used_at = to_timestamp($3::float8 / 1000)
   where hash = $1 and kind = $2 and used_at is null and expires_at > to_timestamp($3::float8 / 1000) returning body`,
)
const dropLinks = statement("links.drop", "delete from links where kind = $1 and used_at is null")

/** Makes a one-time token; only its SHA-256 is kept. */
export async function makeLink(
  session: Session,
  kind: LinkKind,
  body: object,
  at: Instant,
  forMs: number,
): Promise<string> {
  if (kind === "owner") await run(session, dropLinks, [kind])
  const token = randomBytes(24).toString("base64url")
  await run(session, addLink, [hashOf(token), kind, JSON.stringify(body), at, at + forMs])
  return token
}
/** What a link is for, while it can be used. */
export const readLink = async <Body>(
  session: Session,
  kind: LinkKind,
  token: string,
  at: Instant,
): Promise<Body | undefined> =>
  (await run<{ body: Body & object }>(session, findLink, [hashOf(token), kind, at]))[0]?.body
/** Uses a link up. */
export const spendLink = async <Body>(
  tx: Session,
  kind: LinkKind,
  token: string,
  at: Instant,
): Promise<Body | undefined> =>
  (await run<{ body: Body & object }>(tx, useLink, [hashOf(token), kind, at]))[0]?.body

// ------------------------------------------------------------------ API keys

/** An API key; the key itself is shown once and never kept. */
export type ApiKey = {
  id: string
  name: string
  role: Role
  source: string
  createdAt: Instant
  expiresAt: Instant | null
  revokedAt: Instant | null
}
const keyFields = `id, name, role, source, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"`
const addKey = statement(
  "api_keys.add",
  "insert into api_keys (hash, id, name, role, source, created_at) values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))",
)
const findKey = statement("api_keys.find", `select ${keyFields} from api_keys where hash = $1`)
const listKey = statement("api_keys.list", `select ${keyFields} from api_keys order by created_at`)
const revokeKey = statement(
  "api_keys.revoke",
  "update api_keys set revoked_at = to_timestamp($2::float8 / 1000) where (id::text = $1 or name = $1) and revoked_at is null returning id",
)
/** Makes a key: `zs_` and 32 random bytes, stored as SHA-256. */
export async function makeKey(
  session: Session,
  key: { name: string; role: Role; source: string },
  at: Instant,
): Promise<string> {
  const text = `zs_${randomBytes(32).toString("base64url")}`
  await run(session, addKey, [hashOf(text), newId(at), key.name, key.role, key.source, at])
  return text
}
/** The key that a text is, whatever became of it. */
export const findApiKey = async (session: Session, text: string): Promise<ApiKey | undefined> =>
  (await run<ApiKey>(session, findKey, [hashOf(text)]))[0]
/** All keys. */
export const listKeys = (session: Session): Promise<ApiKey[]> => run(session, listKey)
/** Revokes a key by its id or name; answers whether one was. */
export const revokeApiKey = async (session: Session, idOrName: string, at: Instant): Promise<boolean> =>
  (await run(session, revokeKey, [idOrName, at])).length > 0

// ------------------------------------------------------------------ settings of the company

/** The company as its owner named it. */
export type Company = { name: string; timezone: string; language: string }
/** The company, or null before there is one. */
export const findCompany = (session: Session): Promise<Company | null> => findSetting(session, "company")
/** Writes the company's settings. */
export const saveCompany = (session: Session, company: Company, at: Instant): Promise<unknown[]> =>
  saveSetting(session, "company", company, at)
