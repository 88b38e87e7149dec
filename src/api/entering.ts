import type { FastifyInstance } from "fastify"
import type { ZodTypeProvider } from "fastify-type-provider-zod"
import { z } from "zod"
import { Refusal } from "../core/refusals.ts"
import { beginSetup } from "../engine/setup.ts"
import { beginTrialRun } from "../engine/trialRun.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import {
  addPerson,
  countPeople,
  findCompany,
  readLink,
  saveCompany,
  saveDepartment,
  spendLink,
} from "../store/people.ts"
import type { Me } from "./contract.ts"
import { firstDepartments } from "./departments.ts"
import { email, type Invitation, name } from "./people.ts"
import { passwordMin, type SignIn } from "./signIn.ts"
import { whoIs } from "./who.ts"
import type { World } from "./world.ts"

const password = z.string().min(passwordMin, `a password needs at least ${passwordMin} characters`).max(200)
const token = z.object({ token: z.string().min(1).max(200) })
/** Coming in: who I am, the first owner, taking up an invitation or a reset. */
export default async function entering(plain: FastifyInstance, world: World): Promise<void> {
  const app = plain.withTypeProvider<ZodTypeProvider>()
  const strict = { rateLimit: { max: 30, timeWindow: "1 minute" } }

  plain.route({
    method: ["GET", "POST"],
    url: "/api/auth/*",
    schema: { hide: true },
    handler: async (request, reply) => {
      const headers = new Headers()
      for (const [field, value] of Object.entries(request.headers))
        if (value !== undefined) headers.append(field, String(value))
      headers.set("x-zhunshi-client", request.ip)
      const url = URL.parse(request.url, `${request.protocol}://${request.headers.host ?? "localhost"}`)
      if (url === null) throw new Refusal("bad_request", "The header Host names no host.")
      const body = request.method === "POST" ? JSON.stringify(request.body ?? {}) : null
      const answer = await world.signIn.handle(new Request(url, { method: request.method, headers, body }))
      if (answer.status === 404) throw new Refusal("not_found")
      reply.status(answer.status)
      answer.headers.forEach((value, field) => {
        if (field !== "set-cookie") reply.header(field, value)
      })
      const secure = request.protocol === "https" ? "; Secure" : ""
      for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", `${cookie}${secure}`)
      return reply.send(await answer.text())
    },
  })

  app.get(
    "/api/v1/me",
    { schema: { tags: ["people"], summary: "Who I am and what I may do" } },
    async (request): Promise<Me> => {
      const who = await whoIs(world, request)
      if (who === null) throw new Refusal("not_signed_in")
      return {
        person: who.person
          ? { id: who.person.id, name: who.person.name, email: who.person.email }
          : { id: who.key!.id, name: who.name, email: "" },
        roles: who.person ? who.person.roles : [{ role: who.key!.role, department: null }],
        abilities: who.rules,
        company: await findCompany(world.db.pool),
        version: world.config.version,
      }
    },
  )

  app.get(
    "/api/v1/first-owner/:token",
    { schema: { hide: true, params: token }, config: strict },
    async (request) => {
      const valid =
        (await readLink(world.db.pool, "owner", request.params.token, await world.now())) !== undefined
      return { valid, timezone: world.config.timezone }
    },
  )

  app.post(
    "/api/v1/first-owner",
    {
      schema: {
        hide: true,
        body: z.object({
          token: z.string(),
          companyName: name,
          name,
          email,
          password,
          timezone: z.string().max(60).optional(),
          language: z.enum(["zh-Hans", "zh-Hant", "en"]).default("zh-Hans"),
        }),
      },
      config: strict,
    },
    async (request) => {
      const { token, companyName, name, email, password, timezone, language } = request.body
      const at = await world.now()
      if ((await readLink(world.db.pool, "owner", token, at)) === undefined) throw new Refusal("link_invalid")
      if ((await countPeople(world.db.pool)) > 0) throw new Refusal("already_set_up")
      const account = accountOf(world, { name, email, password })
      await transaction(world.db, async (tx) => {
        if ((await spendLink(tx, "owner", token, at)) === undefined) throw new Refusal("link_invalid")
        const authUserId = await account()
        await saveCompany(
          tx,
          { name: companyName, timezone: timezone ?? world.config.timezone, language },
          at,
        )
        for (const each of firstDepartments(language)) await saveDepartment(tx, each)
        const id = await addPerson(
          tx,
          { authUserId, name, email, expiresAt: null, roles: [{ role: "owner", department: null }] },
          at,
        )
        await note(
          tx,
          { who: name, what: "company.create", subject: `staff/${id}`, after: { companyName } },
          at,
        )
        // A new company looks at what it would be told before anybody is alerted or scored.
        await beginTrialRun(tx, name, at)
        await beginSetup(tx, at)
      })
      return { done: true }
    },
  )

  app.get(
    "/api/v1/invitations/:token",
    { schema: { hide: true, params: token }, config: strict },
    async (request) => {
      const found = await readLink<Invitation>(
        world.db.pool,
        "invitation",
        request.params.token,
        await world.now(),
      )
      if (!found) throw new Refusal("link_invalid")
      return {
        name: found.name,
        email: found.email,
        roles: found.roles,
        invitedBy: found.invitedBy,
        company: (await findCompany(world.db.pool))?.name ?? "",
      }
    },
  )

  app.post(
    "/api/v1/invitations/:token",
    { schema: { hide: true, params: token, body: z.object({ name, email, password }) }, config: strict },
    async (request) => {
      const at = await world.now()
      const { token } = request.params
      const { name, email, password } = request.body
      const found = await readLink<Invitation>(world.db.pool, "invitation", token, at)
      if (!found) throw new Refusal("link_invalid")
      const account = accountOf(world, { name, email, password })
      await transaction(world.db, async (tx) => {
        if ((await spendLink(tx, "invitation", token, at)) === undefined) throw new Refusal("link_invalid")
        const authUserId = await account()
        const id = await addPerson(
          tx,
          {
            authUserId,
            name,
            email,
            expiresAt: found.expiresAt,
            department: found.department ?? null,
            roles: found.roles,
          },
          at,
        )
        await note(
          tx,
          { who: name, what: "people.join", subject: `staff/${id}`, after: { invitedBy: found.invitedBy } },
          at,
        )
      })
      return { done: true }
    },
  )

  app.post(
    "/api/v1/reset/:token",
    { schema: { hide: true, params: token, body: z.object({ password }) }, config: strict },
    async (request) => {
      const at = await world.now()
      const reset = await transaction(world.db, async (tx) => {
        const found = await spendLink<{ userId: string; email: string }>(
          tx,
          "reset",
          request.params.token,
          at,
        )
        if (found) await note(tx, { who: found.email, what: "people.reset", subject: found.email }, at)
        return found
      })
      if (!reset) throw new Refusal("link_invalid")
      await world.signIn.setPassword(reset.userId, request.body.password)
      return { done: true, email: reset.email }
    },
  )
}

/** Makes an account once, also when the act that asks for it is done again. Sign-in writes in a session of its own: whoever holds the link makes it, so that none is left to those who came too late. */
function accountOf(world: World, user: Parameters<SignIn["add"]>[0]): () => Promise<string> {
  let made: string | null = null
  return async () => {
    made ??= await world.signIn.add(user)
    if (made === null) throw new Refusal("email_taken")
    return made
  }
}
