import { createHash, randomBytes } from "node:crypto"
import type { Instant } from "../core/instants.ts"
import type { Role } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
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
  /** the account ends then, as that of somebody temporary does */
  expiresAt: Instant | null
  /** the last moment of somebody who leaves; from then on they are no longer here */
  leavesAt: Instant | null
  /** the department of now */
  department: string | null
  /** since when they are in it */
  since: Instant | null
  roles: { role: Role; department: string | null }[]
}

const personFields = `s.id, s.auth_user_id as "authUserId", s.name, s.email, s.active, s.expires_at as "expiresAt",
  s.leaves_at as "leavesAt",
  m.department, m.from_at as since,
  coalesce((select jsonb_agg(jsonb_build_object('role', g.role, 'department', g.department) order by g.role) from grants g
    where g.staff = s.id and g.to_at is null), '[]') as roles
  from staff s left join lateral (select m.department, m.from_at from memberships m
    where m.staff = s.id and m.to_at is null order by m.from_at desc limit 1) m on true`
const byAuthUser = statement("staff.by_auth_user", `select ${personFields} where s.auth_user_id = $1`)
const byId = statement("staff.by_id", `select ${personFields} where s.id = $1`)
const list = statement("staff.list", `select ${personFields} order by s.name, s.id`)
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
/** The person of an id. */
export const findPersonById = async (session: Session, id: string): Promise<Person | undefined> =>
  (await run<Person>(session, byId, [id]))[0]
/** Whether somebody works here at an instant: not switched off, not expired, not left. */
export const isHere = (person: Pick<Person, "active" | "expiresAt" | "leavesAt">, at: Instant): boolean =>
  person.active && (person.expiresAt ?? Infinity) > at && (person.leavesAt ?? Infinity) > at
/** Everybody. */
export const listPeople = (session: Session): Promise<Person[]> => run(session, list)
/** How many people there are. */
export const countPeople = async (session: Session): Promise<number> =>
  (await run<{ n: number }>(session, count))[0]!.n

/** Adds a person with their roles, and to a department: the one named, else the first that a role names. */
export async function addPerson(
  tx: Session,
  person: {
    authUserId: string
    name: string
    email: string
    expiresAt: Instant | null
    department?: string | null
    roles: readonly { role: Role; department: string | null }[]
  },
  at: Instant,
): Promise<string> {
  const id = newId(at)
  await run(tx, insert, [id, person.authUserId, person.name, person.email, person.expiresAt, at])
  for (const { role, department } of person.roles) await run(tx, grant, [newId(at), id, role, department, at])
  const department = person.department ?? person.roles.find((each) => each.department !== null)?.department
  if (department != null) await run(tx, join, [newId(at), id, department, at])
  return id
}

// ------------------------------------------------------------------ departments

/** A department; closed ones stay for what was done in them. */
export type Department = {
  id: string
  name: string
  parent: string | null
  /** the person it falls to when nobody is on duty */
  head: string | null
  position: number
  closedAt: Instant | null
}
const departments = statement(
  "departments.list",
  `select id, name, parent, head, position, closed_at as "closedAt" from departments order by position, id`,
)
const saveDepartmentRow = statement(
  "departments.save",
  `insert into departments (id, name, parent, position) values ($1, $2, $3, coalesce($4::int, 1000))
   on conflict (id) do update set name = excluded.name, parent = excluded.parent,
     position = coalesce($4::int, departments.position)`,
)
/** The departments, in the company's order. */
export const listDepartments = (session: Session): Promise<Department[]> => run(session, departments)
/** Adds a department, or gives it another name, parent or place in the order. */
export const saveDepartment = (
  session: Session,
  each: { id: string; name: string; parent: string | null; position?: number | undefined },
): Promise<unknown[]> =>
  run(session, saveDepartmentRow, [each.id, each.name, each.parent, each.position ?? null])

// ------------------------------------------------------------------ one-time links

export type LinkKind = "owner" | "invitation" | "reset"
const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest()
const addLink = statement(
  "links.add",
  `insert into links (hash, id, kind, body, created_at, expires_at, uses_max)
   values ($1, $2, $3, $4::jsonb, to_timestamp($5::float8 / 1000), to_timestamp($6::float8 / 1000), $7)`,
)
const findLink = statement(
  "links.find",
  `select body from links where hash = $1 and kind = $2 and used_at is null and expires_at > to_timestamp($3::float8 / 1000)`,
)
const useLink = statement(
  "links.use",
  `update links set uses = uses + 1,
     used_at = case when uses + 1 >= uses_max then to_timestamp($3::float8 / 1000) end
   where hash = $1 and kind = $2 and used_at is null and expires_at > to_timestamp($3::float8 / 1000) returning body`,
)
const dropLinks = statement("links.drop", "delete from links where kind = $1 and used_at is null")
const openLinks = statement(
  "links.open",
  `select id, body, created_at as "createdAt", expires_at as "expiresAt", uses, uses_max as "usesMax" from links
   where kind = $1 and used_at is null and expires_at > to_timestamp($2::float8 / 1000) order by created_at desc`,
)
const holdAllLinks = statement("links.hold", "lock table links in share row exclusive mode")
/** Whoever invites does so one after the other, so that the same invitation at once is one. */
export const holdLinks = (tx: Session): Promise<unknown[]> => run(tx, holdAllLinks)
const dropLink = statement("links.drop_one", "delete from links where id = $1 and kind = $2 returning body")

/** Makes a token that works `usesMax` times (once unless said), by chance unless said; only its SHA-256 is kept. */
export async function makeLink(
  session: Session,
  kind: LinkKind,
  body: object,
  at: Instant,
  forMs: number,
  usesMax = 1,
  { id, token } = { id: newId(at), token: randomBytes(24).toString("base64url") },
): Promise<string> {
  if (kind === "owner") await run(session, dropLinks, [kind])
  await run(session, addLink, [hashOf(token), id, kind, JSON.stringify(body), at, at + forMs, usesMax])
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
/** A link that can still be used; the token itself is never shown again. */
export type OpenLink<Body> = {
  id: string
  body: Body
  createdAt: Instant
  expiresAt: Instant
  uses: number
  usesMax: number
}
/** The links of a kind that can still be used, newest first. */
export const listOpenLinks = <Body>(
  session: Session,
  kind: LinkKind,
  at: Instant,
): Promise<OpenLink<Body>[]> => run(session, openLinks, [kind, at])
/** Takes a link back; answers what it was for, or undefined when there was none. */
export const takeBackLink = async <Body>(
  tx: Session,
  kind: LinkKind,
  id: string,
): Promise<Body | undefined> => (await run<{ body: Body & object }>(tx, dropLink, [id, kind]))[0]?.body

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
  `insert into api_keys (hash, id, name, role, source, created_at) values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
   on conflict (name) where revoked_at is null do nothing returning id`,
)
const findKey = statement("api_keys.find", `select ${keyFields} from api_keys where hash = $1`)
const listKey = statement("api_keys.list", `select ${keyFields} from api_keys order by created_at`)
const revokeKey = statement(
  "api_keys.revoke",
  "update api_keys set revoked_at = to_timestamp($2::float8 / 1000) where (id::text = $1 or name = $1) and revoked_at is null returning id",
)
/** Makes a key: `zs_` and 32 random bytes, stored as SHA-256. Throws the refusal `name_taken` while another valid one has the name. */
export async function makeKey(
  session: Session,
  key: { name: string; role: Role; source: string },
  at: Instant,
): Promise<string> {
  const text = `zs_${randomBytes(32).toString("base64url")}`
  const added = await run(session, addKey, [hashOf(text), newId(at), key.name, key.role, key.source, at])
  if (added.length === 0)
    throw new Refusal(
      "name_taken",
      `A valid key is named ${key.name} already; take that one back first, or choose another name.`,
    )
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

/** The company as its owner named it; the region (of the law that binds it) decides the legal guards. */
export type Company = { name: string; timezone: string; language: string; region?: string }
/** The company, or null before there is one. */
export const findCompany = (session: Session): Promise<Company | null> => findSetting(session, "company")
/** Writes the company's settings. */
export const saveCompany = (session: Session, company: Company, at: Instant): Promise<unknown[]> =>
  saveSetting(session, "company", company, at)
