import { useNavigate, useSearchParams } from "react-router"
import type { PartnerRow } from "../../src/api/contract/partners.ts"
import type { PartnerKind } from "../../src/api/contract/settings.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { useWords } from "../words/words.ts"
import { Partner } from "./Partner.tsx"
import { usePartnerRows } from "./queries.ts"
import { rateOf } from "./rate.ts"
import "./partners.css"

const kinds: PartnerKind[] = ["dropshipper", "cloud_warehouse", "carrier", "supplier", "platform"]

/** Whom we work with outside the company: those who ship for us with how they stand, and carriers, suppliers and platforms with whom to call. */
export default function PartnersPage() {
  const { t } = useWords()
  const go = useNavigate()
  const [query, setQuery] = useSearchParams()
  const { data, error, refetch } = usePartnerRows()
  const id = query.get("partner") ?? data?.[0]?.id ?? null
  return (
    <div className="partners">
      <PageHead title={t("partners.title")} />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={8} />}
      {data?.length === 0 && (
        <EmptyState
          title={t("settings.partners.none")}
          act={{ label: t("partners.add"), onPress: () => void go("/settings/partners") }}
        >
          {t("settings.partners.means")}
        </EmptyState>
      )}
      {data && data.length > 0 && (
        <div className="partners-two">
          <nav className="partners-list">
            {kinds.map((kind) => {
              const own = data.filter((each) => each.kind === kind)
              if (own.length === 0) return null
              return (
                <section key={kind}>
                  <h2>{t(`settings.partners.kind.${kind}`)}</h2>
                  {own.map((each) => (
                    <Row
                      key={each.id}
                      each={each}
                      open={each.id === id}
                      onOpen={() => setQuery({ partner: each.id })}
                    />
                  ))}
                </section>
              )
            })}
          </nav>
          {id && <Partner key={id} id={id} />}
        </div>
      )}
    </div>
  )
}

function Row({ each, open, onOpen }: { each: PartnerRow; open: boolean; onOpen(): void }) {
  const { t } = useWords()
  const { ships } = each
  return (
    <button type="button" className="plain partners-row" aria-current={open} onClick={onOpen}>
      <b className="el">{each.name}</b>
      <span className="grow" />
      {ships && ships.over > 0 && <StateTag state="over" count={ships.over} />}
      {ships && (
        <span className="t2 s nw">
          {t("partners.toShip", { n: ships.orders })} · {rateOf(t, ships.fared)}
        </span>
      )}
      {!ships && each.openRequests > 0 && (
        <span className={each.lateRequests > 0 ? "over s nw" : "t2 s nw"}>
          {t("partners.waiting", { n: each.openRequests })}
        </span>
      )}
    </button>
  )
}
