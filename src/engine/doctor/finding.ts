import type { Finding } from "../../core/findings.ts"
import type { Instant } from "../../core/instants.ts"
import type { EngineWorld } from "../world.ts"

/** What is looked at: the world and the machine that this process runs on. */
export type Patient = {
  world: EngineWorld
  data: string
  /** the master key as the environment has it; undefined: it is the data directory's */
  givenKey: string | undefined
  /** the id of the master key that the database was written with; null: it does not say */
  knownKeyId(): Promise<string | null>
  publicUrl: string | null
  /** asks for itself by the public address: `self`, `other` (something else answers), `none` or `unset` */
  reach(): Promise<string>
  timezone: string
  /** the machine's own clock */
  machineNow(): Instant
}

/** A thing to look at. What it throws is a bad finding too. */
export type Check = { id: string; look(patient: Patient): Promise<Omit<Finding, "id">> }

/** A good finding. */
export const ok = (says: string, values: Finding["values"] = {}): Omit<Finding, "id"> => ({
  state: "ok",
  says,
  values,
})
/** A finding that will hurt. */
export const warn = (says: string, values: Finding["values"] = {}): Omit<Finding, "id"> => ({
  state: "warn",
  says,
  values,
})
/** A finding that hurts now. */
export const bad = (says: string, values: Finding["values"] = {}): Omit<Finding, "id"> => ({
  state: "bad",
  says,
  values,
})
