import type { RoleName } from "../contract.ts"

/** Somebody of the sample company, to sign in as. */
export type SamplePersonView = {
  name: string
  email: string
  department: string
  roles: RoleName[]
  /** those who are offered first, and as what */
  as: "operations" | "service" | "warehouse" | "head" | "owner" | null
}
/** The stream that runs before your eyes. */
export type SampleStream = {
  title: string
  running: boolean
  /** orders a minute */
  perMinute: number
  paces: number[]
  sold: number
  packed: number
}
/** GET /api/v1/sample: null where the company is a real one. */
export type SampleView = { people: SamplePersonView[]; password: string; stream: SampleStream } | null

/** How far a sample company has got that is started beside this one; `share` is how much of its month is filled. */
export type SampleStart = {
  state: "none" | "filling" | "ready" | "failed"
  share: number
  port: number | null
}
/** GET /api/v1/sample/beside: whether this server can start one, and the command that anybody can. */
export type SampleOffer = { possible: boolean; command: string; start: SampleStart }
