import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { FastifyInstance, InjectOptions } from "fastify"
import { openLive } from "../api/live.ts"
import { build } from "../api/server.ts"
import { openSignIn } from "../api/signIn.ts"
import type { World } from "../api/world.ts"
import type { Instant } from "../core/instants.ts"
import type { Role } from "../core/permissions.ts"
import { tick } from "../engine/tick.ts"
import { everyRun } from "../store/keys.ts"
import { makeKey } from "../store/people.ts"
import { type Rehearsal, rehearse } from "./rehearsal.ts"

/** The whole application on a database of its own, asked without a socket, with a hand-turned clock. */
export type House = {
  stage: Rehearsal
  world: World
  app: FastifyInstance
  /** asks with a key; answers status and body */
  ask<Body = Record<string, unknown>>(
    key: string | null,
    options: InjectOptions,
  ): Promise<{ status: number; body: Body }>
  key(role: Role, source?: string): Promise<string>
  /** ticks every run until nothing more is due */
  tickAll(): Promise<void>
  close(): Promise<void>
}

/** Builds a house that stands at `now`. */
export async function openHouse(now: Instant): Promise<House> {
  const stage = await rehearse(now)
  const data = mkdtempSync(join(tmpdir(), "zs-house-"))
  const live = openLive()
  const signIn = openSignIn(stage.db.url, {
    secret: "a secret that is long enough for tests",
    baseUrl: "http://localhost:7300",
    trusted: ["http://localhost:7300"],
  })
  const world: World = {
    ...stage.world,
    now: async () => stage.now,
    config: {
      data,
      host: "127.0.0.1",
      port: 0,
      publicUrl: null,
      alertHosts: ["127.0.0.1"],
      portalPort: null,
      timezone: "Asia/Shanghai",
      roles: ["web"],
      web: null,
      version: "test",
    },
    signIn,
    live,
    hints: { tell: () => {}, close: async () => {} },
    engine: () => null,
  }
  const app = await build(world)
  const keys = new Map<string, number>()
  return {
    stage,
    world,
    app,
    async ask<Body>(key: string | null, options: InjectOptions) {
      const headers = { ...(options.headers ?? {}), ...(key === null ? {} : { "x-api-key": key }) }
      const answer = await app.inject({ ...options, headers })
      const isJson = String(answer.headers["content-type"]).includes("json")
      return {
        status: answer.statusCode,
        body: (isJson && answer.body !== "" ? answer.json() : answer.body) as Body,
      }
    },
    // A name is one valid key's alone: a second one of a role and source is numbered.
    key(role, source = role) {
      const name = `${role} ${source}`
      const n = (keys.get(name) ?? 0) + 1
      keys.set(name, n)
      return makeKey(stage.db.pool, { name: n === 1 ? name : `${name} ${n}`, role, source }, stage.now)
    },
    async tickAll() {
      while ((await tick(stage.world, everyRun)).claimed > 0);
    },
    async close() {
      await app.close()
      live.close()
      await signIn.close()
      await stage.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
