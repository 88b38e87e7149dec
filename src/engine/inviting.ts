import { canonical, type JsonObject } from "../core/json.ts"
import { note } from "../store/audit.ts"
import { transaction } from "../store/database.ts"
import { newId } from "../store/keys.ts"
import { holdLinks, listOpenLinks, makeLink, readLink } from "../store/people.ts"
import type { EngineWorld } from "./world.ts"

/** How long the same invitation, asked for again, is still the press of a button that was lost. */
const againMs = 10 * 60_000

/**
 * Makes the link of an invitation and answers its token. The same asked for again, also at once, is the same link while nobody came by it:
 * its token follows from its id and the master key, so that it can be told again and is kept nowhere.
 */
export async function invite(
  world: EngineWorld,
  invitation: JsonObject & { name: string },
  { uses, forMs, after }: { uses: number; forMs: number; after: JsonObject },
  by: string,
): Promise<string> {
  const tokenOf = (id: string) => world.secrets.digest(`invitation ${id}`).toString("base64url")
  return transaction(world.db, async (tx) => {
    await holdLinks(tx)
    const at = await world.instant(tx)
    for (const open of await listOpenLinks<JsonObject>(tx, "invitation", at)) {
      const isSame =
        open.uses === 0 &&
        open.usesMax === uses &&
        open.expiresAt - open.createdAt === forMs &&
        at - open.createdAt < againMs &&
        canonical(open.body) === canonical(invitation)
      // One from before tokens followed from ids, or from before another key, cannot be told again.
      if (isSame && (await readLink(tx, "invitation", tokenOf(open.id), at))) return tokenOf(open.id)
    }
    await note(tx, { who: by, what: "people.invite", subject: invitation.name || "people", after }, at)
    const id = newId(at)
    return makeLink(tx, "invitation", invitation, at, forMs, uses, { id, token: tokenOf(id) })
  })
}
