import type { FastifyBaseLogger } from "fastify"
import type { Instant } from "../core/instants.ts"
import type { Hints } from "../engine/hints.ts"
import type { Engine } from "../engine/loop.ts"
import type { EngineWorld } from "../engine/world.ts"
import type { Live } from "./live.ts"
import type { SignIn } from "./signIn.ts"

/** What the environment and the command line settle (DESIGN §9). */
export type Config = {
  data: string
  host: string
  port: number
  publicUrl: string | null
  timezone: string
  roles: readonly ("web" | "engine" | "jobs")[]
  /** the folder of the built web app; null: none is served */
  web: string | null
  version: string
}

/** All that the door needs of the world outside. */
export type World = EngineWorld & {
  config: Config
  signIn: SignIn
  live: Live
  /** tells the other processes what changed */
  hints: Hints
  /** the engine of this process, when it runs one */
  engine: () => Engine | null
  log?: FastifyBaseLogger
  /** the instant outside a transaction: the database's clock */
  now(): Promise<Instant>
}
