import type { FastifyBaseLogger } from "fastify"
import type { Instant } from "../core/instants.ts"
import type { S3Place } from "../engine/attachments/shelf.ts"
import type { Hints } from "../engine/hints.ts"
import type { Engine } from "../engine/loop.ts"
import type { EngineWorld } from "../engine/world.ts"
import type { SamplePersonView, SampleStart, SampleStream } from "./contract/sample.ts"
import type { Live } from "./live.ts"
import type { SignIn } from "./signIn.ts"

/** What the environment and the command line settle (DESIGN §9). */
export type Config = {
  data: string
  host: string
  port: number
  publicUrl: string | null
  /** hosts to which robots may post beside those of the platforms (ZHUNSHI_ALERT_HOSTS) */
  alertHosts: readonly string[]
  /** a port that serves customers, partners and webhooks alone; null: none */
  portalPort: number | null
  timezone: string
  /** the S3-compatible bucket in which files lie; null or absent: in the data directory */
  files?: S3Place | null
  roles: readonly ("web" | "engine" | "jobs")[]
  /** the folder of the built web app; null: none is served */
  web: string | null
  version: string
  /** this is the sample company, in a data directory of its own */
  sample?: true
}

/** What can be done with the sample company while it runs. */
export type Sample = {
  people: SamplePersonView[]
  password: string
  stream(): SampleStream
  /** starts, stops or hastens the stream */
  steer(wish: { running?: boolean; perMinute?: number }): void
  /** ends the sample company and removes everything of it, after the answer has left */
  leave(): void
}

/** How the sample company is started beside the real one, on a neighbouring port. */
export type Sampler = { start(): void; state(): SampleStart }

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
  /** only in a data directory of the sample company */
  sample?: Sample
  /** only in a server that can start one beside itself */
  sampler?: Sampler
  /** the instant outside a transaction: the database's clock */
  now(): Promise<Instant>
}
