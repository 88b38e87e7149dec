import type { FastifyInstance } from "fastify"
import { isoOf } from "../core/instants.ts"
import { examine } from "../engine/doctor/doctor.ts"
import type { Patient } from "../engine/doctor/finding.ts"
import { recount } from "../engine/doctor/recount.ts"
import { findKeyId } from "../store/masterKey.ts"
import type { DoctorView } from "./contract/doctor.ts"
import { reachSelf } from "./reach.ts"
import { require } from "./who.ts"
import type { World } from "./world.ts"

/** The doctor: what is as it should be, and what to do where it is not. */
export default async function doctor(app: FastifyInstance, world: World): Promise<void> {
  const about = { tags: ["operation"] }
  app.get(
    "/api/v1/doctor",
    { schema: { ...about, summary: "What is wrong, and what to do" } },
    async (request): Promise<DoctorView> => {
      await require(world, request, "read", "settings")
      return view(world)
    },
  )
  app.post(
    "/api/v1/doctor/recount",
    { schema: { ...about, summary: "Count again from rows what the board counts" } },
    async (request): Promise<DoctorView> => {
      await require(world, request, "act", "settings")
      await recount(world)
      return view(world)
    },
  )
}

async function view(world: World): Promise<DoctorView> {
  const findings = await examine(patientOf(world))
  return { at: isoOf(await world.now()), findings }
}

/** What the doctor looks at from within the server. */
const patientOf = (world: World): Patient => ({
  ...world.config,
  world,
  givenKey: process.env.ZHUNSHI_KEY,
  knownKeyId: () => findKeyId(world.db.pool),
  machineNow: () => Date.now(),
  reach: async () => (await reachSelf(world)).answer,
})
