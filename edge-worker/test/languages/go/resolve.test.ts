import { go } from '../../../src/languages/go/language.js'
import { calleeTests } from '../fixture-calls.js'

/** Read by a person from the source of gorilla/mux. */
calleeTests('gorilla/mux', go, 'mux', {
  'Router.HandleFunc': ['Route.HandlerFunc', 'Route.Path', 'Router.NewRoute'],
  'Router.Match': ['Route.Match', 'middleware.Middleware'],
  'Router.ServeHTTP': ['Router.Match', 'cleanPath', 'methodNotAllowedHandler', 'requestWithRoute', 'requestWithVars'],
  'Route.Match': ['matcher.Match', 'routeRegexpGroup.setMatch'],
  'Route.URL': ['Route.prepareVars', 'routeRegexp.url'],
  'routeRegexp.Match': ['getHost', 'routeRegexp.matchQueryString'],
  // `String()` of a `*regexp.Regexp` is none of ours.
  'Route.GetPathRegexp': [],
  getAllMethodsForRoute: ['Route.GetMethods', 'Route.Match'],
})
