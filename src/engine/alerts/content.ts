import type { CardTemplate } from "../../core/alerts/card.ts"
import { readContent } from "../../files/content.ts"

/** The cards that a company starts with (content/alerts.json), by their code. */
export const templates: ReadonlyMap<string, CardTemplate> = new Map(
  readContent<{ alerts: CardTemplate[] }>("alerts").alerts.map((each) => [each.code, each]),
)
