using System.Xml.Linq;
using Datamodels.Report.Html;
using Xunit;

namespace Datamodels.Tests.Report;

public class MarkupTests
{
    [Fact]
    public void Text_and_attributes_are_encoded()
    {
        string html = Markup.Render(new XElement("p", new XAttribute("title", "<a href=\"x\">&"), "1 < 2 & \"three\" > é 漢字 😀"));
        Assert.Equal(
            "<!DOCTYPE html>\n<p title=\"&lt;a href=&quot;x&quot;&gt;&amp;\">1 &lt; 2 &amp; \"three\" &gt; é 漢字 😀</p>\n", html);
    }

    [Fact]
    public void What_HTML_cannot_say_is_replaced()
    {
        string html = Markup.Render(new XElement("p", new XAttribute("title", "\0x"), "a\u0007b\uD800c\uFFFEd\u0085e\tf"));
        Assert.Equal("<!DOCTYPE html>\n<p title=\"\uFFFDx\">a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\tf</p>\n", html);
    }

    [Fact]
    public void Only_void_elements_have_no_end_tag()
    {
        string html = Markup.Render(new XElement("div", new XElement("img"), new XElement("td"), new XElement("p", "")));
        Assert.Equal("<!DOCTYPE html>\n<div><img /><td></td><p></p></div>\n", html);
    }

    [Fact]
    public void Numbers_are_for_readers()
    {
        Assert.Equal("1,497", Numbers.Count(1497));
        Assert.Equal("1 target", Numbers.Count(1, "target"));
        Assert.Equal("0 targets", Numbers.Count(0, "target"));
        Assert.Equal("−0.36", Numbers.Fixed(-0.357, 2));
        Assert.Equal("0.000", Numbers.Fixed(-0.0001));
        Assert.Equal("–", Numbers.Fixed(null));
        Assert.Equal("–", Numbers.Fixed(double.NaN));
        Assert.Equal("+0.634", Numbers.Signed(0.6336));
        Assert.Equal("0.884 ± 0.004", Numbers.WithError(0.884, 0.004));
        Assert.Equal("0.884", Numbers.WithError(0.884, null));
        Assert.Equal("78 %", Numbers.Percent(0.779));
        Assert.Equal("9.9e−09", Numbers.Tiny(9.9e-9));
        Assert.Equal("48.5", Numbers.Short(48.5));
        Assert.Equal("10 or 20", Numbers.Counts([10, 20]));
    }

    [Fact]
    public void A_selection_says_what_it_is_of()
    {
        Assert.Equal("The first 2 of 1,000 pairs, by score.", Selection<int>.Of([.. new int[1000]], 2, "pair", "by score").Said);
        Assert.Equal("All 2 pairs, by score.", Selection<int>.Of([1, 2], 2, "pair", "by score").Said);
        Assert.Equal("One pair.", Selection<int>.Of([1], 2, "pair", "by score").Said);
        Assert.Equal([1, 2], Selection<int>.Of([1, 2, 3], 2, "pair", "by score").Items);
    }
}
