// Writing, for people: the shelf, the form of a work, its chapters, the editor, earlier texts, covers.
#pragma once

#include "base/random.h"
#include "interests/works/service.h"
#include "interests/works/views.h"
#include "platform/blobs/blobs.h"
#include "platform/http/router.h"

namespace braid::works {

class Pages {
  public:
    Pages(sql::Database& database, Writing& writing, blobs::Store& blobs, Random& random)
        : database_(database), writing_(writing), blobs_(blobs), random_(random) {}

    // `this` must outlive the router.
    void add_routes(http::Router& router);

  private:
    using Request = http::Request;
    using Answer = Result<http::Response>;

    Answer shelf(const Request& request);
    Answer new_work(const Request& request);
    Answer create_work(const Request& request);
    Answer edit_work(const Request& request);
    Answer save_work(const Request& request);
    Answer upload_cover(const Request& request);
    Answer remove_cover(const Request& request);
    Answer ask_delete_work(const Request& request);
    Answer delete_work(const Request& request);
    Answer outline(const Request& request);

    Answer ask_new_chapter(const Request& request);
    Answer new_chapter(const Request& request);
    Answer edit_chapter(const Request& request);
    Answer save_chapter(const Request& request);
    Answer autosave(const Request& request);
    Answer preview(const Request& request);
    Answer publish(const Request& request);
    Answer unpublish(const Request& request);
    Answer discard(const Request& request);
    Answer move(const Request& request);
    Answer ask_delete_chapter(const Request& request);
    Answer delete_chapter(const Request& request);
    Answer take_copy(const Request& request);
    Answer drop_copy(const Request& request);
    Answer revisions(const Request& request);
    Answer old_text(const Request& request);
    Answer restore(const Request& request);
    Answer cover(const Request& request);

    http::Response work_form(const Request& request, int status, const std::optional<store::Work>& work,
                             WorkForm form, const Error* error);
    // The editor with what is stored, or with what was typed when something was wrong with it.
    Answer editor(const Request& request, int status, const ChapterDraft* typed, const Error* error);

    sql::Database& database_;
    Writing& writing_;
    blobs::Store& blobs_;
    Random& random_;
};

}  // namespace braid::works
