import type { RobotKind } from "../core/alerts/robots.ts"
import { dispatch } from "../engine/alerts/dispatch.ts"
import { sendDue } from "../engine/alerts/send.ts"
import { speak } from "../engine/alerts/speak.ts"
import type { EngineWorld } from "../engine/world.ts"
import { listUnspoken } from "../store/alerts.ts"
import { newId } from "../store/keys.ts"
import { type Robot, saveRobot } from "../store/robots.ts"

/** Adds a robot as the settings page does; answers its id. */
export async function addRobot(
  world: EngineWorld,
  robot: { kind: RobotKind; address: string; secret?: string } & Partial<
    Omit<Robot, "kind" | "address" | "secret">
  >,
  at: number,
): Promise<string> {
  const id = newId(at)
  const { kind, address, secret, ...more } = robot
  await saveRobot(
    world.db.pool,
    {
      id,
      kind,
      name: "仓库群",
      department: "warehouse",
      codes: [],
      warehouses: [],
      shown: "",
      secretAt: null,
      keyword: null,
      quietFrom: null,
      quietTo: null,
      active: true,
      ...more,
      address: world.secrets.seal(address, `robots.address ${id}`),
      secret: secret === undefined ? null : world.secrets.seal(secret, `robots.secret ${id}`),
    },
    at,
  )
  return id
}

/** Does the rounds of whoever alerts people by hand: dispatches, says what was dispatched, sends what is due. */
export async function alertAll(world: EngineWorld): Promise<void> {
  await dispatch(world)
  for (const id of await listUnspoken(world.db.pool, (await world.instant(world.db.pool)) + 1))
    await speak(world, id)
  await sendDue(world)
}
