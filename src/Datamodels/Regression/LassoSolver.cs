using Datamodels.Kernels;

namespace Datamodels.Regression;

/// <summary>
/// Coordinate descent for a <see cref="LassoProblem"/> (Friedman, Hastie, Tibshirani: "Regularization Paths for Generalized
/// Linear Models via Coordinate Descent", 2010) on a working set, with a duality gap as the certificate. Goes from one lambda
/// to the next keeping weights and working set, so it is called along a path.
/// </summary>
/// <remarks>
/// Fixed-size masks make the columns sum to a constant, so the centred Gram matrix maps the vector of ones to 0. Nothing is
/// inverted here, each coordinate's own curvature is positive, and the penalty settles what that direction leaves open; the
/// gap is about the objective, which does not depend on it. A column that is constant has curvature 0 and never
/// gets a weight.
/// </remarks>
internal sealed class LassoSolver
{
    // Columns whose gradient is this near to lambda join the working set before they have to.
    private const double Reach = 0.95;

    // Sweeps of one call, after which it gives up and says so.
    private const int MaximumSweeps = 10_000;

    private readonly Gram _gram;
    private readonly WorkingSet _set;
    private readonly double[] _weights;
    private readonly double[] _gradient;
    private readonly double[] _lastWeights;
    private readonly double[] _lastGradient;
    private readonly double[] _counted;
    private readonly int[] _arrivals;

    // By place in the working set: weight, count and curvature of the column, and m times the gradient before centring.
    private readonly double[] _setWeights;
    private readonly double[] _setCounts;
    private readonly double[] _setCurvatures;
    private readonly double[] _setResiduals;

    private LassoProblem _problem = null!;
    private double _lambda;
    private double _lastLambda;

    /// <summary>Makes a solver whose memory serves any number of problems, one after another.</summary>
    /// <param name="gram">The Gram matrix of all of them.</param>
    public LassoSolver(Gram gram)
    {
        int n = gram.ColumnCount;
        _gram = gram;
        _set = new WorkingSet(gram);
        _weights = new double[n];
        _gradient = new double[n];
        _lastWeights = new double[n];
        _lastGradient = new double[n];
        _counted = new double[n];
        _arrivals = new int[n];
        _setWeights = new double[n];
        _setCounts = new double[n];
        _setCurvatures = new double[n];
        _setResiduals = new double[(n + 7) & ~7];
    }

    /// <summary>The weights w, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>x_j'(y - Xw - b) / m of every column, <c>[n]</c>.</summary>
    public ReadOnlySpan<double> Gradient => _gradient;

    /// <summary>w'Cw with the Gram matrix that is not centred.</summary>
    public double CountedSquare { get; private set; }

    /// <summary>Relative duality gap at the last lambda: (primal - dual) / primal at zero weights.</summary>
    public double Gap { get; private set; }

    /// <summary>Begins a problem from the given weights, <c>[n]</c>.</summary>
    public void Start(LassoProblem problem, ReadOnlySpan<double> weights)
    {
        _problem = problem;
        _set.Clear();
        weights.CopyTo(_weights);
        UpdateGradient();
        _lambda = 0;
        _lastLambda = 0;
    }

    /// <summary>Solves for one lambda, from where the last one or two led to.</summary>
    /// <param name="lambda">Above 0.</param>
    /// <param name="tolerance">Relative duality gap to reach.</param>
    /// <param name="cancellation">Stops between sweeps.</param>
    /// <returns>Whether the gap was reached.</returns>
    public bool Solve(double lambda, double tolerance, CancellationToken cancellation)
    {
        Extrapolate(lambda);
        GrowSet(lambda);
        double setTolerance = tolerance;
        int sweeps = 0;
        while (true)
        {
            double shift = EnterSet();
            do
            {
                cancellation.ThrowIfCancellationRequested();
                Sweep(lambda, ref shift);
                sweeps++;
            }
            while (SetGap(lambda, shift) > setTolerance && sweeps < MaximumSweeps);

            LeaveSet(shift);
            Gap = FullGap(lambda);
            if (Gap <= tolerance)
            {
                return true;
            }

            if (sweeps >= MaximumSweeps)
            {
                return false;
            }

            // Columns outside the set have come to matter; if there are none, the set has to be solved more tightly.
            if (!GrowSet(lambda))
            {
                setTolerance *= 0.1;
            }
        }
    }

    /// <summary>Computes the gap at a lambda from the weights alone, free of the rounding that steps have left.</summary>
    public double Certify(double lambda)
    {
        UpdateGradient();
        Gap = FullGap(lambda);
        return Gap;
    }

    // Weights and gradient are linear in lambda as long as no column comes or goes, and the gradient is linear in the
    // weights anyway: the line through the last two solutions is the better place to begin.
    private void Extrapolate(double lambda)
    {
        double ratio = _lastLambda > _lambda ? (lambda - _lambda) / (_lambda - _lastLambda) : 0;
        for (int j = 0; j < _weights.Length; j++)
        {
            (_lastWeights[j], _weights[j]) = (_weights[j], _weights[j] + (ratio * (_weights[j] - _lastWeights[j])));
            (_lastGradient[j], _gradient[j]) = (_gradient[j], _gradient[j] + (ratio * (_gradient[j] - _lastGradient[j])));
        }

        (_lastLambda, _lambda) = (_lambda, lambda);
    }

    // Adds the columns that may get a weight at this lambda; returns whether there were any.
    private bool GrowSet(double lambda)
    {
        int arrivals = 0;
        for (int j = 0; j < _gradient.Length; j++)
        {
            if (!_set.Contains(j) && (_weights[j] != 0 || Math.Abs(_gradient[j]) > Reach * lambda))
            {
                _arrivals[arrivals++] = j;
            }
        }

        if (arrivals == 0)
        {
            return false;
        }

        _set.Add(_arrivals.AsSpan(0, arrivals));
        for (int place = 0; place < _set.Count; place++)
        {
            double count = _gram.Counts[_set.Columns[place]];
            _setCounts[place] = count;
            _setCurvatures[place] = count - (count * count / _gram.RowCount);
        }

        return true;
    }

    // Takes weights and gradient of the set's columns; returns sum of c_k w_k / m, which centres residuals:
    // m gradient_j = residual_j + c_j shift. So a step changes the residuals by whole counts and one number.
    private double EnterSet()
    {
        double shift = 0;
        for (int place = 0; place < _set.Count; place++)
        {
            _setWeights[place] = _weights[_set.Columns[place]];
            shift += _setCounts[place] * _setWeights[place];
        }

        shift /= _gram.RowCount;
        for (int place = 0; place < _set.Count; place++)
        {
            _setResiduals[place] = (_gradient[_set.Columns[place]] * _gram.RowCount) - (_setCounts[place] * shift);
        }

        return shift;
    }

    // Minimises over each coordinate of the set in turn.
    private void Sweep(double lambda, ref double shift)
    {
        double threshold = lambda * _gram.RowCount;
        Span<double> residuals = _setResiduals.AsSpan(0, _set.RowLength);
        for (int place = 0; place < _set.Count; place++)
        {
            double curvature = _setCurvatures[place];
            if (curvature <= 0)
            {
                continue;
            }

            double weight = _setWeights[place];
            double pull = residuals[place] + (_setCounts[place] * shift) + (curvature * weight);
            double updated = Math.Abs(pull) <= threshold ? 0 : (pull - Math.CopySign(threshold, pull)) / curvature;
            double step = updated - weight;
            if (step != 0)
            {
                _setWeights[place] = updated;
                ScaledCounts.Add(residuals, -step, _set.Row(place));
                shift += step * _setCounts[place] / _gram.RowCount;
            }
        }
    }

    // The gap of the problem that has only the set's columns.
    private double SetGap(double lambda, double shift)
    {
        var gap = new DualityGap(_problem.Variance);
        double scale = 1.0 / _gram.RowCount;
        ReadOnlySpan<int> columns = _set.Columns;
        for (int place = 0; place < columns.Length; place++)
        {
            gap.Add(
                _setWeights[place], _problem.Products[columns[place]] * scale,
                (_setResiduals[place] + (_setCounts[place] * shift)) * scale);
        }

        return gap.Relative(lambda);
    }

    private double FullGap(double lambda)
    {
        var gap = new DualityGap(_problem.Variance);
        double scale = 1.0 / _gram.RowCount;
        for (int j = 0; j < _weights.Length; j++)
        {
            gap.Add(_weights[j], _problem.Products[j] * scale, _gradient[j]);
        }

        return gap.Relative(lambda);
    }

    // Hands weights and gradient back. In a residual the whole counts are q - Cw, so w'Cw comes with it.
    private void LeaveSet(double shift)
    {
        ReadOnlySpan<int> columns = _set.Columns;
        double square = 0;
        for (int place = 0; place < columns.Length; place++)
        {
            int column = columns[place];
            _weights[column] = _setWeights[place];
            square += _setWeights[place] * (_problem.Products[column] - _setResiduals[place]);
        }

        CountedSquare = square;
        if (!_set.IsWhole)
        {
            UpdateGradient();
            return;
        }

        for (int j = 0; j < _gradient.Length; j++)
        {
            _gradient[j] = (_setResiduals[j] + (_setCounts[j] * shift)) / _gram.RowCount;
        }
    }

    // The gradient of all columns from the weights.
    private void UpdateGradient()
    {
        _gram.Multiply(_weights, _counted);
        double shift = 0;
        for (int j = 0; j < _weights.Length; j++)
        {
            shift += _gram.Counts[j] * _weights[j];
        }

        shift /= _gram.RowCount;
        for (int j = 0; j < _gradient.Length; j++)
        {
            _gradient[j] = (_problem.Products[j] - _counted[j] + (_gram.Counts[j] * shift)) / _gram.RowCount;
        }
    }
}
