using Datamodels.Regression;

namespace Datamodels.Insight;

/// <summary>Finds brittle sets: for a linear datamodel R is the top of the sorted weights.</summary>
public static class BrittleSearch
{
    /// <summary>The smallest R with g(S \ R) at most <paramref name="threshold"/>.</summary>
    /// <param name="datamodel">The target's datamodel.</param>
    /// <param name="threshold">C, in units of margin; 0 is the decision boundary.</param>
    /// <param name="sizeFactor">At least 1: the set is made ceil(factor * k) examples large, as far as positive weights go.</param>
    public static BrittleSet Find(Datamodel datamodel, double threshold = 0, double sizeFactor = 1) =>
        throw new NotImplementedException();
}
