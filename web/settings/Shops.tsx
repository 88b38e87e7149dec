import { Check, Plus, X } from "lucide-react"
import { useState } from "react"
import type { ShopView } from "../../src/api/contract/settings.ts"
import { knownChannels, toldSteps } from "../../src/core/channels.ts"
import { useChannelName } from "../board/names.ts"
import { put } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { ChosenWord, PickedWords, TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import { sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Foretaste } from "./Foretaste.tsx"
import { useAct, useChannels } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

type Change = Record<string, Partial<ShopView["settings"]> | null>
const graces = ["0", "6", "12", "24", "48", "72"]

/** Shops and channels: the platforms, a sentence a shop, and what that makes of an order paid now. */
export default function ShopsSection() {
  const { t } = useWords()
  const { may } = useWho()
  const channels = useChannels()
  const change = useAct((channels: Change) => put("/api/v1/channels", { channels }))
  const [drafts, setDrafts] = useState<string[]>([])
  const name = useChannelName()
  if (channels.error) return <ErrorState error={channels.error} onRetry={() => void channels.refetch()} />
  if (!channels.data) return <Skeleton rows={6} />
  const shops = channels.data.shops.filter((each): each is ShopView & { shop: string } => each.shop !== null)
  const disabled = !may("act", "settings")
  const offered = [
    ...knownChannels.map(({ id }) => id),
    ...new Set(
      shops.map(({ channel }) => channel).filter((id) => !knownChannels.some((each) => each.id === id)),
    ),
  ]
  const used = (id: string) => drafts.includes(id) || shops.some(({ channel }) => channel === id)
  const add = (channel: string, shop: string) => {
    const proposed = knownChannels.find(({ id }) => id === channel)?.batch
    change.mutate(
      { [`${channel}/${shop}`]: { mode: "batch", ...proposed } },
      { onSuccess: () => setDrafts((all) => all.filter((each) => each !== channel)) },
    )
  }
  const { rejudging } = channels.data
  return (
    <div className="shops">
      <div className="platforms">
        {offered.map((id) => (
          <button
            key={id}
            type="button"
            aria-pressed={used(id)}
            disabled={disabled}
            onClick={() =>
              setDrafts((all) =>
                all.includes(id) ? all.filter((each) => each !== id) : used(id) ? all : [...all, id],
              )
            }
          >
            <i aria-hidden="true">{name(id).slice(0, 1)}</i>
            {name(id)}
            {used(id) && <Check size={13} />}
          </button>
        ))}
      </div>
      {shops.map((each) => (
        <ShopSentence
          key={`${each.channel}/${each.shop}`}
          shop={each}
          disabled={disabled}
          onChange={(settings) => change.mutate({ [`${each.channel}/${each.shop}`]: settings })}
          onMore={() => setDrafts((all) => [...new Set([...all, each.channel])])}
        />
      ))}
      {drafts.map((channel) => (
        <div className="shop" key={channel}>
          <b>{name(channel)}</b>
          <p>
            {t("settings.shops.called")}
            <TypedWord
              value=""
              label={t("settings.shops.name")}
              placeholder={t("settings.shops.placeholder")}
              onChange={(shop) => shop !== "" && add(channel, shop.replaceAll("/", " "))}
            />
          </p>
          <button
            type="button"
            className="icon-button"
            aria-label={t("settings.remove")}
            onClick={() => setDrafts((all) => all.filter((each) => each !== channel))}
          >
            <X size={15} />
          </button>
        </div>
      ))}
      <Trouble error={change.error} />
      {rejudging && rejudging.orders > 0 && (
        <p className="s t3" role="status">
          {t(rejudging.finishedAt ? "settings.shops.rejudged" : "settings.shops.rejudging", {
            n: rejudging.orders,
            number: rejudging.number,
          })}
        </p>
      )}
      <Foretaste shops={shops} />
    </div>
  )
}

type SentenceProps = {
  shop: ShopView & { shop: string }
  disabled: boolean
  onChange: (settings: Partial<ShopView["settings"]> | null) => void
  onMore: () => void
}

/** One shop as a sentence: how its orders come, what they bring, and what counts as shipped for the platform. */
function ShopSentence({ shop, disabled, onChange, onMore }: SentenceProps) {
  const { t, language } = useWords()
  const name = useChannelName()
  const zone = useZone()
  const now = useNow(60_000)
  const { settings, channel } = shop
  const known = knownChannels.find(({ id }) => id === channel)
  const save = (some: Partial<ShopView["settings"]>) => onChange({ ...settings, ...some })
  const option = (value: string) => ({ value, label: t(`settings.shops.${value}`) })
  const facts = (steps: string[]) => [
    ...settings.facts.filter((each) => !(toldSteps as readonly string[]).includes(each)),
    ...steps,
  ]
  return (
    <div className="shop">
      <b>{name(channel)}</b>
      <div>
        <p>
          <span className="slot fixed">{shop.shop}</span>
          {t("settings.shops.come")}
          <ChosenWord
            value={settings.mode}
            label={t("settings.shops.mode")}
            disabled={disabled}
            options={[option("live"), option("batch")]}
            onChange={(mode) => save({ mode: mode as "live", ...known?.[mode as "live" | "batch"] })}
          />
          {t("settings.shops.bring")}
          <PickedWords
            values={settings.facts}
            label={t("settings.shops.facts")}
            none={t("settings.shops.nothing")}
            disabled={disabled}
            options={toldSteps.map((value) => ({ value, label: t(`marks.event.${value}`) }))}
            onChange={(steps) => save({ facts: facts(steps) })}
          />
          {t("settings.shops.counts")}
          <ChosenWord
            value={settings.platformStop}
            label={t("settings.shops.stop")}
            disabled={disabled}
            options={[option("collected"), option("shipped")]}
            onChange={(platformStop) => save({ platformStop: platformStop as "shipped" })}
          />
          {t("settings.shops.end")}
        </p>
        {settings.mode === "batch" && (
          <p className="s t3">
            {t("settings.shops.graceBefore")}
            <ChosenWord
              value={String(settings.graceHours)}
              label={t("settings.shops.grace")}
              disabled={disabled}
              options={[...new Set([...graces, String(settings.graceHours)])].map((value) => ({
                value,
                label: `${value} h`,
              }))}
              onChange={(hours) => save({ graceHours: Number(hours) })}
            />
            {t("settings.shops.graceAfter")}
          </p>
        )}
        <p className="s t3">
          {shop.toldAt
            ? t("settings.shops.heard", { at: sayShort(Date.parse(shop.toldAt), now, { language, zone }) })
            : t("settings.shops.unheard")}
        </p>
      </div>
      {!disabled && (
        <span className="row">
          <button
            type="button"
            className="icon-button"
            aria-label={t("settings.shops.more")}
            onClick={onMore}
          >
            <Plus size={15} />
          </button>
          {shop.heardAt === null && (
            <button
              type="button"
              className="icon-button"
              aria-label={t("settings.remove")}
              onClick={() => onChange(null)}
            >
              <X size={15} />
            </button>
          )}
        </span>
      )}
    </div>
  )
}
