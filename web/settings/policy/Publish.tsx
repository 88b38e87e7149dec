import { Button, Input, Radio } from "antd"
import { useState } from "react"
import type { PolicyBody, PolicyView } from "../../../src/api/contract/settings.ts"
import { isoOf } from "../../../src/core/instants.ts"
import { contradictionsOf, deviationsOf, type PolicyParts } from "../../../src/core/policyParts.ts"
import { post } from "../../client.ts"
import { say } from "../../time/dates.ts"
import { InstantPicker } from "../../time/InstantPicker.tsx"
import { serverNow, useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useAct } from "../queries.ts"
import { Trouble } from "../Trouble.tsx"
import { useChanges } from "./changes.ts"
import { areHours } from "./Hours.tsx"
import { Deviates } from "./Rule.tsx"

/** What will be different, from when on and why; publishing is one act that is not taken back. */
export function Publish({
  view,
  draft,
  onDrop,
}: {
  view: PolicyView
  draft: PolicyParts | null
  onDrop(): void
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [reason, setReason] = useState("")
  const [isLater, setLater] = useState(false)
  const [from, setFrom] = useState<number | null>(null)
  const publish = useAct(
    (body: PolicyBody) => post<PolicyView>("/api/v1/policy/versions", body),
    [["causes"]],
  )
  const changes = useChanges(view.parts, draft ?? view.parts)
  const deviations = deviationsOf(draft ?? view.parts).length
  const mayPublish =
    draft !== null &&
    contradictionsOf(draft).length === 0 &&
    Object.values(draft.hours).every(areHours) &&
    reason.trim() !== "" &&
    (!isLater || from !== null)
  const send = () =>
    draft &&
    publish.mutate({
      base: view.version,
      parts: draft,
      reason: reason.trim(),
      ...(isLater && from ? { effectiveAt: isoOf(from) } : {}),
    })
  const earliest = view.earliest === null ? serverNow() : Date.parse(view.earliest)
  return (
    <div className="effect policy-publish">
      <h2>{t("policy.change.title", { version: view.version })}</h2>
      {changes.length === 0 && <p className="t3">{t("policy.change.none")}</p>}
      {changes.map((line) => (
        <p key={line}>{line}</p>
      ))}
      {draft && (
        <>
          {deviations > 0 && <Deviates>{t("policy.deviations", { n: deviations })}</Deviates>}
          <p className="s t3">{t("policy.holds")}</p>
          <div className="policy-form">
            <span className="t3 s">{t("policy.from")}</span>
            <Radio.Group
              value={isLater}
              onChange={({ target }) => setLater(target.value as boolean)}
              options={[
                {
                  value: false,
                  label:
                    view.earliest === null
                      ? t("policy.now")
                      : t("policy.fromPlanned", {
                          version: view.version,
                          at: say(earliest, now, { language, zone }),
                        }),
                },
                { value: true, label: t("policy.later") },
              ]}
            />
            {isLater && (
              <InstantPicker
                aria-label={t("policy.later")}
                showTime={{ format: "HH:mm", minuteStep: 5 }}
                format="YYYY-MM-DD HH:mm"
                value={from}
                onChange={setFrom}
                earliest={earliest}
              />
            )}
            <Input.TextArea
              aria-label={t("policy.reason")}
              placeholder={t("policy.reason")}
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={1000}
              value={reason}
              onChange={({ target }) => setReason(target.value)}
            />
          </div>
          <div className="row acts">
            <Button type="primary" disabled={!mayPublish} loading={publish.isPending} onClick={send}>
              {t("policy.publish", { version: view.version + 1 })}
            </Button>
            <Button type="text" onClick={onDrop}>
              {t("policy.drop")}
            </Button>
          </div>
          <Trouble error={publish.error} />
        </>
      )}
    </div>
  )
}
