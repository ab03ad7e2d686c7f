// htmlc FILE --header OUT.h --source OUT.cpp --include folder/name.html.h
//
// Compiles a template to C++. The syntax is in src/platform/html/README.md. What is refused is printed as
// file:line:column: error: …, with exit code 1; 2 means the command line or a file was at fault.

#include <fstream>
#include <iostream>
#include <iterator>

#include "template.h"

namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) throw std::runtime_error(path + ": cannot be read");
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
    std::erase(text, '\r');
    return text;
}

void write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    if (!out) throw std::runtime_error(path + ": cannot be written");
}

}  // namespace

int main(int count, char** values) {
    std::string file, header, source, include;
    for (int i = 1; i < count; ++i) {
        const std::string value = values[i];
        std::string* option = value == "--header"    ? &header
                              : value == "--source"  ? &source
                              : value == "--include" ? &include
                                                     : nullptr;
        if (option == nullptr && file.empty() && !value.starts_with("-"))
            file = value;
        else if (option != nullptr && i + 1 < count)
            *option = values[++i];
        else
            file.clear(), i = count;
    }
    if (file.empty() || header.empty() || source.empty() || include.empty()) {
        std::cerr << "usage: htmlc FILE --header OUT.h --source OUT.cpp --include folder/name.html.h\n";
        return 2;
    }
    try {
        auto tree = htmlc::parse(read_file(file));
        htmlc::check(tree);
        const auto output = htmlc::emit(tree, file, include);
        write_file(header, output.header);
        write_file(source, output.source);
    } catch (const htmlc::Refusal& refusal) {
        std::cerr << file << ":" << refusal.place.line << ":" << refusal.place.column
                  << ": error: " << refusal.what() << "\n";
        return 1;
    } catch (const std::exception& failure) {
        std::cerr << failure.what() << "\n";
        return 2;
    }
}
