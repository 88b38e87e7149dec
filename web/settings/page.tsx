import { ChevronLeft } from "lucide-react"
import { Suspense } from "react"
import { Link, Navigate, NavLink, Route, Routes, useLocation } from "react-router"
import { ForbiddenState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { useSetup } from "./queries.ts"
import { groups, type Section } from "./sections.ts"
import "./settings.css"

/** Settings: the sections in a column of their own, one of them beside it; on a phone first the list, then the section. */
export default function SettingsPage() {
  const { t } = useWords()
  const { may } = useWho()
  const { pathname } = useLocation()
  const shown = groups
    .map((group) => ({ ...group, sections: group.sections.filter((each) => may(...each.may)) }))
    .filter(({ sections }) => sections.length > 0)
  const first = shown[0]?.sections.find((each) => "Page" in each)
  if (!first) return <ForbiddenState />
  const isList = /^\/settings\/?$/.test(pathname)
  return (
    <div className={`settings${isList ? " at-list" : ""}`}>
      <nav className="sections" aria-label={t("shell.page.settings")}>
        <h2>{t("shell.page.settings")}</h2>
        <Unfinished />
        {shown.map(({ name, sections }) => (
          <div key={name}>
            <p>{t(`settings.group.${name}`)}</p>
            {sections.map((each) => (
              <SectionLink key={each.name} section={each} />
            ))}
          </div>
        ))}
      </nav>
      <div className="section">
        <Routes>
          {shown
            .flatMap(({ sections }) => sections)
            .map((each) => (
              <Route
                key={each.name}
                path={`${each.name}/*`}
                element={"Page" in each ? <SectionPage section={each} /> : <Navigate to={each.to} replace />}
              />
            ))}
          <Route
            path="*"
            element={
              isList && window.innerWidth <= 640 ? null : <Navigate to={`/settings/${first.name}`} replace />
            }
          />
        </Routes>
      </div>
    </div>
  )
}

function SectionLink({ section }: { section: Section }) {
  const { t } = useWords()
  const count = useCount(section.name)
  return (
    <NavLink to={"to" in section ? section.to : section.name}>
      {t(`settings.section.${section.name}`)}
      {count !== null && <em>{count}</em>}
    </NavLink>
  )
}

/** How many there are of a section, from the same figures as the steps of setup. */
function useCount(name: string): number | null {
  const { may } = useWho()
  const steps = useSetup(may("read", "settings")).data?.steps ?? []
  const says = steps.find(({ id }) => id === (name === "keys" ? "import" : name))?.says
  const count = name === "keys" ? says?.keys : name === "import" ? null : says?.n
  return typeof count === "number" && count > 0 ? count : null
}

/** A path that was left is taken up again from here. */
function Unfinished() {
  const { t } = useWords()
  const { may } = useWho()
  const setup = useSetup(may("read", "settings")).data
  if (!setup?.startedAt || setup.finishedAt || !may("act", "settings")) return null
  const open = setup.steps.filter(({ state }) => state === "open").length
  return (
    <Link to="/setup" className="unfinished">
      {t("settings.unfinished", { n: open })}
    </Link>
  )
}

function SectionPage({ section }: { section: Extract<Section, { Page: unknown }> }) {
  const { t } = useWords()
  const { Page } = section
  const body = (
    <Suspense fallback={<Skeleton />}>
      <Page />
    </Suspense>
  )
  const back = (
    <Link to="/settings" className="back" aria-label={t("shell.page.settings")}>
      <ChevronLeft size={18} />
      {t("shell.page.settings")}
    </Link>
  )
  return section.whole ? (
    <>
      {back}
      {body}
    </>
  ) : (
    <>
      {back}
      <PageHead title={t(`settings.section.${section.name}`)} aside={t(`settings.means.${section.name}`)} />
      <div className="section-body">{body}</div>
    </>
  )
}
