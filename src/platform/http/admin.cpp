#include "platform/http/admin.h"

namespace braid::http {

Router make_admin_router(const metrics::Registry& metrics, std::function<Readiness()> ready) {
    static constexpr ActionRef kWatch{"admin.watch"};
    Router router;
    router.get("/metrics", kWatch, [&metrics](const Request&) -> Result<Response> {
        Response response;
        response.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
        response.body = metrics.scrape();
        return response;
    });
    router.get("/healthz", kWatch,
               [](const Request&) -> Result<Response> { return Response::text(200, "ok\n"); });
    router.get("/readyz", kWatch,
               [ready = std::move(ready)](const Request&) -> Result<Response> {
                   const Readiness state = ready();
                   return state.ready ? Response::text(200, "ready\n")
                                      : Response::text(503, state.why + "\n");
               },
               {.cost = Cost::waits});
    return router;
}

}  // namespace braid::http
