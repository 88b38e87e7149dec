import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { ConfigProvider, App as Messages } from "antd"
import enUS from "antd/locale/en_US"
import zhCN from "antd/locale/zh_CN"
import zhTW from "antd/locale/zh_TW"
import { Component, lazy, type ReactNode, Suspense, useMemo } from "react"
import { BrowserRouter, Navigate, Route, Routes } from "react-router"
import { ProblemError } from "./client.ts"
import { ErrorState } from "./marks/Blank.tsx"
import { pages, routes } from "./shell/pages.ts"
import { Shell } from "./shell/Shell.tsx"
import { useMode } from "./theme/mode.ts"
import { antdTheme } from "./theme/tokens.ts"
import type { Language } from "./words/language.ts"
import { useWords } from "./words/words.ts"

const Check = lazy(() => import("./check/Check.tsx"))
const SignIn = lazy(() => import("./sign-in/SignIn.tsx"))
const FirstOwner = lazy(() => import("./sign-in/FirstOwner.tsx"))
const Join = lazy(() => import("./sign-in/Join.tsx"))
const Partner = lazy(() => import("./partner/Partner.tsx"))
const Setup = lazy(() => import("./setup/Setup.tsx"))
const Reset = lazy(() => import("./sign-in/Reset.tsx"))

const locales: Record<Language, typeof zhCN> = { "zh-Hans": zhCN, "zh-Hant": zhTW, en: enUS }

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A "no" stays a no; only a server that did not answer is asked again.
      retry: (failures, error) =>
        failures < 2 && (!(error instanceof ProblemError) || error.status === 0 || error.status >= 502),
    },
  },
})

/** The whole web app: who may come in by which address. */
export function App() {
  const { mode } = useMode()
  const { language } = useWords()
  const theme = useMemo(() => antdTheme(mode), [mode])
  const home = pages[0]?.path ?? "/check"
  return (
    <ConfigProvider
      theme={theme}
      locale={locales[language]}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      <Messages component={false}>
        <QueryClientProvider client={queries}>
          <BrowserRouter>
            <Fence>
              <Suspense fallback={null}>
                <Routes>
                  <Route path="/check" element={<Check />} />
                  <Route path="/sign-in" element={<SignIn />} />
                  <Route path="/welcome/:token" element={<FirstOwner />} />
                  <Route path="/join/:token" element={<Join />} />
                  <Route path="/partner/:token" element={<Partner />} />
                  <Route path="/reset/:token" element={<Reset />} />
                  <Route path="/setup" element={<Setup />} />
                  <Route path="/setup/:step" element={<Setup />} />
                  <Route element={<Shell />}>
                    {routes.map(({ name, path, Page }) => (
                      <Route key={name} path={`${path}/*`} element={<Page />} />
                    ))}
                    <Route path="*" element={<Navigate to={home} replace />} />
                  </Route>
                </Routes>
              </Suspense>
            </Fence>
          </BrowserRouter>
        </QueryClientProvider>
      </Messages>
    </ConfigProvider>
  )
}

/** Where a bug stops a page from drawing, it says so instead of leaving nothing. */
class Fence extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    return <ErrorState error={this.state.error} onRetry={() => window.location.reload()} />
  }
}
