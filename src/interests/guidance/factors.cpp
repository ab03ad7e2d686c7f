#include "interests/guidance/factors.h"

#include <Eigen/Dense>
#include <random>

#include "interests/guidance/kernels.h"
#include "interests/guidance/likeness.h"

namespace braid::guidance {

namespace {

using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Square = Eigen::MatrixXd;

constexpr std::size_t kPanel = 32;    // columns that are multiplied by the sparse matrix at a time
constexpr Eigen::Index kBlocks = 16;  // of rows: fixed, so that sums do not depend on the threads
constexpr std::size_t kSpare = 16;    // columns iterated besides those wanted: the last ones settle slowly
constexpr double kNothing = 1e-6;     // of the largest: below, a direction is rounding

class Subspace {
  public:
    Subspace(const Interactions& interactions, const Interactions& turned, const FactorSettings& settings,
             unsigned threads)
        : interactions_(interactions),
          turned_(turned),
          threads_(threads),
          person_weight_(powers(interactions, -2 * settings.person_exponent)),
          item_scale_(powers(turned, -settings.item_exponent)) {}

    Matrix leading(std::size_t rank, int rounds) {
        Matrix basis = start(std::min({rank + kSpare, turned_.people(), interactions_.people()}));
        for (int round = 0; round <= rounds && basis.cols() > 0; ++round) {
            const Matrix next = filtered(basis);
            basis = times(next, whitening(product(next, next)));
        }
        if (basis.cols() == 0) return basis;
        // Within the subspace, the directions themselves.
        const Square inside = product(basis, filtered(basis));
        const Eigen::SelfAdjointEigenSolver<Square> solver((inside + inside.transpose()) / 2);
        const auto kept = std::min(static_cast<Eigen::Index>(rank), basis.cols());
        return times(basis, solver.eigenvectors().rightCols(kept).rowwise().reverse());
    }

  private:
    [[nodiscard]] Matrix start(std::size_t columns) const {
        Matrix start(static_cast<Eigen::Index>(turned_.people()), static_cast<Eigen::Index>(columns));
        std::mt19937 random(1);
        for (float& value : start.reshaped<Eigen::RowMajor>())
            value = static_cast<float>(random()) * 0x1p-31F - 1;
        return start;
    }

    // RᵀR times the columns, a panel of them at a time.
    [[nodiscard]] Matrix filtered(const Matrix& columns) const {
        Matrix result(columns.rows(), columns.cols());
        const std::size_t panels = (static_cast<std::size_t>(columns.cols()) + kPanel - 1) / kPanel;
        in_parallel(panels, 1, threads_, {}, [&](std::size_t panel, unsigned) {
            const auto first = static_cast<Eigen::Index>(panel * kPanel);
            const Eigen::Index width = std::min<Eigen::Index>(kPanel, columns.cols() - first);
            Matrix of_items = Matrix::Zero(columns.rows(), kPanel);
            Matrix of_people(static_cast<Eigen::Index>(interactions_.people()), kPanel);
            of_items.leftCols(width) = columns.middleCols(first, width);
            scale(of_items, item_scale_);
            sum_rows<kPanel>(interactions_, of_items.data(), of_people.data());
            scale(of_people, person_weight_);
            sum_rows<kPanel>(turned_, of_people.data(), of_items.data());
            scale(of_items, item_scale_);
            result.middleCols(first, width) = of_items.leftCols(width);
        });
        return result;
    }

    static void scale(Matrix& rows, const std::vector<float>& by) {
        for (Eigen::Index row = 0; row < rows.rows(); ++row)
            rows.row(row) *= by[static_cast<std::size_t>(row)];
    }

    // Each row of `to` becomes the sum of the rows of `from` that its list names.
    template <std::size_t width>
    static void sum_rows(const Interactions& lists, const float* from, float* to) {
        for (std::size_t row = 0; row < lists.people(); ++row)
            add_rows(lists.of(row).data(), lists.of(row).size(), from, width, to + row * width);
    }

    // The first row of a block of rows.
    static Eigen::Index block(std::size_t number, Eigen::Index rows) {
        return static_cast<Eigen::Index>(number) * rows / kBlocks;
    }

    // aᵀb.
    [[nodiscard]] Square product(const Matrix& a, const Matrix& b) const {
        std::vector<Eigen::MatrixXf> parts(kBlocks);
        in_parallel(parts.size(), 1, threads_, {}, [&](std::size_t number, unsigned) {
            const Eigen::Index first = block(number, a.rows());
            const Eigen::Index count = block(number + 1, a.rows()) - first;
            parts[number].noalias() = a.middleRows(first, count).transpose() * b.middleRows(first, count);
        });
        Square sum = Square::Zero(a.cols(), b.cols());
        for (const Eigen::MatrixXf& part : parts)
            sum += part.cast<double>();
        return sum;
    }

    // What makes columns with these products to each other orthonormal; those that are only rounding go.
    static Square whitening(const Square& products) {
        const Eigen::SelfAdjointEigenSolver<Square> solver(products);
        const Eigen::VectorXd& values = solver.eigenvalues();
        const double least = kNothing * std::max(values.tail(1)(0), 0.0);
        const auto kept = static_cast<Eigen::Index>((values.array() > least).count());
        return solver.eigenvectors().rightCols(kept) *
               values.tail(kept).cwiseSqrt().cwiseInverse().asDiagonal();
    }

    [[nodiscard]] Matrix times(const Matrix& columns, const Square& by) const {
        Matrix result(columns.rows(), by.cols());
        const Matrix factor = by.cast<float>();
        in_parallel(kBlocks, 1, threads_, {}, [&](std::size_t number, unsigned) {
            const Eigen::Index first = block(number, columns.rows());
            const Eigen::Index count = block(number + 1, columns.rows()) - first;
            result.middleRows(first, count).noalias() = columns.middleRows(first, count) * factor;
        });
        return result;
    }

    const Interactions& interactions_;
    const Interactions& turned_;
    unsigned threads_;
    std::vector<float> person_weight_, item_scale_;
};

}  // namespace

Factors leading_factors(const Interactions& interactions, const Interactions& turned,
                        const FactorSettings& settings, unsigned threads) {
    if (settings.rank == 0) return {};
    const Matrix basis =
        Subspace(interactions, turned, settings, threads).leading(settings.rank, settings.rounds);
    Factors factors;
    factors.rank = static_cast<std::size_t>(basis.cols());
    factors.vectors.assign(basis.data(), basis.data() + basis.size());
    factors.speaks = powers(turned, -settings.item_exponent);
    factors.hears = powers(turned, settings.item_exponent);
    return factors;
}

}  // namespace braid::guidance
