import { createMongoAbility } from "@casl/ability"
import type { FastifyRequest } from "fastify"
import { type Action, type Held, type Rule, rulesOf, type Subject } from "../core/permissions.ts"
import { Refusal } from "../core/refusals.ts"
import { type ApiKey, findApiKey, findPerson, isHere, type Person } from "../store/people.ts"
import type { World } from "./world.ts"

/** Who asks: a person with a session, or a key. */
export type Who = {
  name: string
  rules: Rule[]
  /** roles with the departments they are held for: how far each permission reaches */
  held: readonly Held[]
  may(action: Action, subject: Subject): boolean
} & ({ person: Person; key: null } | { person: null; key: ApiKey })

const keyCacheMs = 30_000
type Cached = { key: ApiKey | undefined; until: number }
const caches = new WeakMap<World, Map<string, Cached>>()
const known = new WeakMap<FastifyRequest, Who | null>()

/** Who sends a request, or null; asked once a request. */
export async function whoIs(world: World, request: FastifyRequest): Promise<Who | null> {
  const before = known.get(request)
  if (before !== undefined) return before
  const who = await identify(world, request)
  known.set(request, who)
  return who
}

async function identify(world: World, request: FastifyRequest): Promise<Who | null> {
  const header = request.headers["x-api-key"]
  if (typeof header === "string") {
    const key = await keyOf(world, header)
    return key
      ? { ...withRoles([{ role: key.role, department: null }]), name: `key ${key.name}`, key, person: null }
      : null
  }
  if (request.headers.cookie === undefined) return null
  const userId = await world.signIn.userOf(new Headers({ cookie: request.headers.cookie }))
  const person = userId === null ? undefined : await findPerson(world.db.pool, userId)
  if (!person || !isHere(person, await world.now())) return null
  return { ...withRoles(person.roles), name: person.name, person, key: null }
}

function withRoles(held: readonly Held[]): Pick<Who, "rules" | "held" | "may"> {
  const rules = rulesOf(held.map(({ role }) => role))
  const ability = createMongoAbility<[Action, Subject]>(rules)
  return { rules, held, may: (action, subject) => ability.can(action, subject) }
}

/** Somebody as they would ask, where others ask about their work. */
export const whoOf = (person: Person): Who => ({
  ...withRoles(person.roles),
  name: person.name,
  person,
  key: null,
})

/** A key by its text, looked up at most every 30 seconds. */
async function keyOf(world: World, text: string): Promise<ApiKey | undefined> {
  let cache = caches.get(world)
  if (!cache) {
    cache = new Map()
    caches.set(world, cache)
  }
  const now = performance.now()
  let cached = cache.get(text)
  if (!cached || cached.until < now) {
    if (cache.size > 10_000) cache.clear()
    cached = { key: await findApiKey(world.db.pool, text), until: now + keyCacheMs }
    cache.set(text, cached)
  }
  const { key } = cached
  if (!key || key.revokedAt !== null) return undefined
  if (key.expiresAt !== null && key.expiresAt <= (await world.now())) return undefined
  return key
}

/** Who sends a request, if they may; otherwise a refusal. */
export async function require(
  world: World,
  request: FastifyRequest,
  action: Action,
  subject: Subject,
): Promise<Who> {
  const who = await whoIs(world, request)
  if (who === null) throw new Refusal("not_signed_in")
  if (!who.may(action, subject)) throw new Refusal("forbidden")
  return who
}
