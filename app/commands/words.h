// How commands say what went wrong.
#pragma once

#include "base/result.h"

namespace braid::app::commands {

// Prints the error to standard error, each field on its own line, in English; returns kFailed.
int complain(const Error& error);

}  // namespace braid::app::commands
