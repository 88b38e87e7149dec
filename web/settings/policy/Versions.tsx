import type { PolicyView } from "../../../src/api/contract/settings.ts"
import { exact, say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"

/** Every version, the newest first: from when on it holds, who published it and why. */
export function Versions({ view }: { view: PolicyView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <section>
      <h2>{t("policy.versions")}</h2>
      {view.versions.map(({ version, effectiveAt, by, reason, state }) => (
        <div key={version} className={`shop policy-version ${state}`}>
          <span>
            <b className="nw">{t("policy.version", { version })}</b>{" "}
            <span className="t3 s nw">{t(`policy.state.${state}`)}</span>
          </span>
          <p className="s">
            <time className="t2" title={exact(Date.parse(effectiveAt), zone)}>
              {t("policy.since", { at: say(Date.parse(effectiveAt), now, { language, zone }) })}
            </time>{" "}
            {by ?? t("policy.first")} {reason}
          </p>
        </div>
      ))}
    </section>
  )
}
