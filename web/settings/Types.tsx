import { useQuery } from "@tanstack/react-query"
import { Button } from "antd"
import { Plus, X } from "lucide-react"
import { useEffect, useState } from "react"
import type { TypeRulesTried, TypeRulesView, TypeRuleView } from "../../src/api/contract/settings.ts"
import { post, put } from "../client.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { ChosenWord, TypedWord } from "../marks/Word.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useAct, useTypeRules } from "./queries.ts"
import { Trouble } from "./Trouble.tsx"

const keys = ["titleContains", "sku", "liveSession"] as const
const types = ["virtual", "presale", "custom"]
const listOf = (text: string) => [
  ...new Set(
    text
      .split(/[,，、;；\n]+/)
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  ),
]

/** Type rules, a sentence each, tried at once on the orders there are; publishing them is one act. */
export default function TypesSection() {
  const { t } = useWords()
  const { may } = useWho()
  const stored = useTypeRules()
  const [draft, setDraft] = useState<TypeRuleView[] | null>(null)
  const rules = draft ?? stored.data?.rules ?? []
  const whole = rules.filter(({ when }) => Object.values(when).some((each) => each && each.length > 0))
  const asked = JSON.stringify(whole)
  const tried = useQuery({
    queryKey: ["settings", "types", "tried", asked],
    queryFn: () => post<TypeRulesTried>("/api/v1/type-rules/try", { rules: whole }),
    placeholderData: (before) => before,
    enabled: stored.data !== undefined,
  })
  const publish = useAct((next: TypeRuleView[]) => put<TypeRulesView>("/api/v1/type-rules", { rules: next }))
  const apply = useAct(() => post("/api/v1/type-rules/apply"))
  // What was published is what stands; a draft is only what differs from it.
  useEffect(() => {
    if (draft && stored.data && JSON.stringify(stored.data.rules) === JSON.stringify(draft)) setDraft(null)
  }, [draft, stored.data])
  if (stored.error) return <ErrorState error={stored.error} onRetry={() => void stored.refetch()} />
  if (!stored.data) return <Skeleton rows={3} />
  const disabled = !may("act", "policy")
  const set = (index: number, own: TypeRuleView | null) =>
    setDraft(rules.flatMap((each, i) => (i === index ? (own ? [own] : []) : [each])))
  const looked = tried.data?.looked ?? 0
  return (
    <div className="sentences">
      {rules.map((rule, i) => {
        const key = keys.find((each) => rule.when[each] !== undefined) ?? "titleContains"
        const result = tried.data?.rules[whole.indexOf(rule)]
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the list
          <div className="shop" key={i}>
            <b>{i + 1}</b>
            <div>
              <p>
                <ChosenWord
                  value={key}
                  label={t("settings.types.where")}
                  disabled={disabled}
                  options={keys.map((value) => ({ value, label: t(`settings.types.key.${value}`) }))}
                  onChange={(next) => set(i, { ...rule, when: { [next]: rule.when[key] ?? [] } })}
                />
                {t("settings.types.has")}
                <TypedWord
                  value={(rule.when[key] ?? []).join(t("line.and"))}
                  label={t("settings.types.words")}
                  placeholder={t("settings.types.placeholder")}
                  disabled={disabled}
                  onChange={(text) => set(i, { ...rule, when: { ...rule.when, [key]: listOf(text) } })}
                />
                {t("settings.types.are")}
                <ChosenWord
                  value={rule.type}
                  label={t("settings.types.type")}
                  disabled={disabled}
                  options={types.map((value) => ({ value, label: t(`settings.types.of.${value}`) }))}
                  onChange={(type) => set(i, { ...rule, type })}
                />
                {t("settings.stop")}
              </p>
              {looked > 0 && result && (
                <p className="s t3">
                  {t("settings.types.takes", { n: result.takes })}
                  {result.examples.length > 0 &&
                    ` ${[...new Set(result.examples.map(({ title, orderNo }) => title || orderNo))].join(t("line.apart"))}`}
                </p>
              )}
            </div>
            {!disabled && (
              <button
                type="button"
                className="icon-button"
                aria-label={t("settings.remove")}
                onClick={() => set(i, null)}
              >
                <X size={15} />
              </button>
            )}
          </div>
        )
      })}
      {!disabled && (
        <div className="shop more">
          <Plus size={15} className="t3" />
          <button
            type="button"
            className="link"
            onClick={() => setDraft([...rules, { type: "virtual", when: { titleContains: [] } }])}
          >
            {t("settings.types.add")}
          </button>
        </div>
      )}
      <div className="effect">
        <h2>{t("settings.types.tried")}</h2>
        <p className="t2">
          {looked === 0
            ? t("settings.types.noOrders")
            : t("settings.types.looked", { n: looked, changed: tried.data?.changed ?? 0 })}
        </p>
        <p className="s t3">
          {t(stored.data.orders === 0 ? "settings.types.first" : "settings.types.version", {
            version: stored.data.policy,
          })}
        </p>
        {stored.data.behind > 0 && (
          <div className="behind">
            <p>{t("settings.types.behind", { n: stored.data.behind.toLocaleString("en") })}</p>
            <p className="s t3">{t("settings.types.behindMeans")}</p>
            {!disabled && !draft && (
              <Button loading={apply.isPending || apply.isSuccess} onClick={() => apply.mutate(undefined)}>
                {t("settings.types.apply", { n: stored.data.behind.toLocaleString("en") })}
              </Button>
            )}
          </div>
        )}
        {draft && !disabled && (
          <div className="row acts">
            <Button
              type="primary"
              disabled={whole.length < rules.length}
              loading={publish.isPending}
              onClick={() =>
                publish.mutate(whole, {
                  onSuccess: () => {
                    setDraft(null)
                    apply.reset()
                  },
                })
              }
            >
              {t(stored.data.orders === 0 ? "settings.types.save" : "settings.types.publish")}
            </Button>
            <Button type="text" onClick={() => setDraft(null)}>
              {t("settings.types.drop")}
            </Button>
          </div>
        )}
        <Trouble error={publish.error ?? apply.error} />
      </div>
    </div>
  )
}
