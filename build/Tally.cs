using System.Xml;
using System.Xml.Linq;

namespace Datamodels.Build;

/// <summary>How a suite went.</summary>
internal readonly record struct Tally(int Passed, int Failed, int Skipped)
{
    public static Tally operator +(Tally a, Tally b) =>
        new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

    /// <summary>
    /// Counts the results in a TRX file. A suite that left no readable file, ran nothing, or ended badly although none of
    /// its tests failed, has crashed: that is one failure more.
    /// </summary>
    /// <param name="path">The TRX file.</param>
    /// <param name="exitCode">Exit code of the suite's run.</param>
    public static Tally OfTrx(string path, int exitCode)
    {
        Tally tally = default;
        bool complete = false;
        if (File.Exists(path))
        {
            try
            {
                foreach (XElement result in XDocument.Load(path).Descendants().Where(e => e.Name.LocalName == "UnitTestResult"))
                {
                    tally += (string?)result.Attribute("outcome") switch
                    {
                        "Passed" => new Tally(1, 0, 0),
                        "NotExecuted" => new Tally(0, 0, 1),
                        _ => new Tally(0, 1, 0),
                    };
                }

                complete = tally != default;
            }
            catch (XmlException)
            {
                // Cut short by a crash: what was read does not count.
                tally = default;
            }
        }

        return tally.OrCrashed(complete, exitCode);
    }

    /// <summary>One failure more where the suite crashed.</summary>
    /// <param name="complete">Whether the suite left results.</param>
    /// <param name="exitCode">Exit code of the suite's run.</param>
    public Tally OrCrashed(bool complete, int exitCode) =>
        !complete || (exitCode != 0 && Failed == 0) ? this with { Failed = Failed + 1 } : this;

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}
