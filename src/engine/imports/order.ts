import type { Instant } from "../../core/instants.ts"
import { Refusal } from "../../core/refusals.ts"
import type { ChannelSettings } from "../../core/settings.ts"
import type { Opened } from "../../files/reading.ts"
import { howeverOld } from "../history.ts"

/** What is asked of an import. */
export type ImportOrder = {
  file: string
  opened: Opened
  by: string
  shop: string | null
  /** the file's instant; null: when it was last changed, never before its latest fact */
  exportedAt: Instant | null
  changedAt: Instant
  /** breaches due before open no case, for orders first heard of; null: that of a first import; `open`: however old */
  casesFrom: Instant | "open" | null
}

/** A shop of a channel. */
export type ShopKey = { channel: string; shop: string }

/** Finds the shop of a row that names none: the channel's only one, heard of or named in the settings; `main` when there is none, `shop_needed` when there are several. */
export const onlyShop =
  (shops: readonly ShopKey[]) =>
  (channel: string): string => {
    const own = shops.filter((each) => each.channel === channel)
    if (own.length > 1)
      throw new Refusal("shop_needed", `Shops of ${channel}: ${own.map((each) => each.shop).join(", ")}.`)
    return own[0]?.shop ?? "main"
  }

/** Those of the shops that are not among the known ones. */
export const unknownShops = (heard: readonly ShopKey[], shops: readonly ShopKey[]): ShopKey[] =>
  heard.filter(({ channel, shop }) => !shops.some((each) => each.channel === channel && each.shop === shop))

/** The settings of shops that a file brings first and nobody named: batch, with the steps that are mapped. */
export function settingsOf(
  unnamed: readonly ShopKey[],
  { opened }: ImportOrder,
): Record<string, ChannelSettings> {
  const settings: ChannelSettings = {
    mode: "batch",
    facts: opened.facts as string[],
    platformStop: opened.format.mapping.platformStop ?? "shipped",
  }
  return Object.fromEntries(unnamed.map(({ channel, shop }) => [`${channel}/${shop}`, settings]))
}

/** From when on breaches of new orders open cases: what was asked for, else, where a shop is new, from now. */
export const casesFromOf = (order: ImportOrder, isFirst: boolean, now: Instant): Instant | null =>
  order.casesFrom === "open" ? howeverOld : (order.casesFrom ?? (isFirst ? now : null))
